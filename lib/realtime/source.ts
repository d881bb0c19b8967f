import type { LogPosition } from "../domain/log-position.ts";
import type { Channel } from "../protocol/messages.ts";
import type { Offsets } from "./positions.ts";
import type { Run } from "./runs.ts";

/** Where a channel of one tenant comes from, beyond what is in memory. */
export interface Source<V> {
  readonly channel: Channel;
  readonly log_id: string;
  /** How far this instance has read the log. */
  position(): Offsets;
  /** Resolves when `position` has moved on. */
  moved(): Promise<void>;
  /** The end of the log itself, which may lie ahead of this instance. */
  head(): Promise<LogPosition>;
  /** The earliest record that is kept. */
  earliest(): Promise<LogPosition>;
  /** A stretch of older records. @throws ForesightError `invalid_request` where they are no longer kept */
  read(from: Offsets): Promise<{ runs: Run<V>[]; next: Offsets }>;
}

/** Something to wait for until it happens next. */
export class Happening {
  private waiting: (() => void)[] = [];

  next(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  happen(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }
}

import type { EpochMs } from "../domain/time.ts";
import type { ChannelKind } from "./channel-kinds.ts";
import type { Run } from "./runs.ts";

interface Held<V> {
  value: V;
  partition: number;
  received_at: EpochMs;
  due: EpochMs;
  /** Where the channel stood before the held value: a client must not be told to go on behind it. */
  cursor_before: string;
  order: number;
}

const MOST_SERIES = 50_000;

/** Keeps each series (sensor, asset) to at most so many messages a second: what lies between gives way to the latest. */
export class MaxRate<V> {
  private readonly interval: number;
  private readonly sent_at = new Map<string, EpochMs>();
  private readonly held = new Map<string, Held<V>>();
  private order = 0;
  private cursor: string;

  constructor(
    private readonly kind: ChannelKind<V>,
    per_second: number,
    cursor: string,
  ) {
    this.interval = 1_000 / per_second;
    this.cursor = cursor;
  }

  /** @returns what may be sent now, and the cursor up to which all has been sent or given way */
  pass(runs: readonly Run<V>[], cursor: string, now: EpochMs): { runs: Run<V>[]; cursor: string } {
    const out: Run<V>[] = [];
    const before = this.cursor;
    const order = this.order++;
    if (this.sent_at.size > MOST_SERIES) this.sent_at.clear();
    for (const run of runs)
      for (const value of run.values) {
        const key = this.kind.conflationKey(value);
        if (key === undefined) {
          out.push({ ...run, values: [value] });
          continue;
        }
        const last = this.sent_at.get(key);
        const held = this.held.get(key);
        const due = last === undefined ? now : last + this.interval;
        if (held === undefined && due <= now) {
          out.push({ ...run, values: [value] });
          this.sent_at.set(key, now);
        } else
          this.held.set(key, {
            value,
            partition: run.partition,
            received_at: run.received_at,
            due: held?.due ?? due,
            cursor_before: before,
            order,
          });
      }
    this.cursor = cursor;
    for (const [key, held] of this.held) {
      if (held.due > now) continue;
      this.held.delete(key);
      this.sent_at.set(key, now);
      out.push({
        partition: held.partition,
        first_offset: 0,
        received_at: held.received_at,
        values: [held.value],
      });
    }
    return { runs: out, cursor: this.safeCursor() };
  }

  /** When something that is held falls due. */
  nextDue(): EpochMs | undefined {
    let due: EpochMs | undefined;
    for (const held of this.held.values()) if (due === undefined || held.due < due) due = held.due;
    return due;
  }

  private safeCursor(): string {
    let oldest: Held<V> | undefined;
    for (const held of this.held.values())
      if (oldest === undefined || held.order < oldest.order) oldest = held;
    return oldest?.cursor_before ?? this.cursor;
  }
}

import type { EpochMs } from "../domain/time.ts";
import type { Metrics } from "../ports/system.ts";
import { CLOSE } from "../protocol/messages.ts";
import type { ChannelKind } from "./channel-kinds.ts";
import type { Connection, Frames, Payload } from "./connection.ts";
import { controlPayload } from "./control.ts";
import type { RealtimeLimits } from "./limits.ts";
import type { Run } from "./runs.ts";

/** A subscription as the outbox sees it. */
export interface Addressee<V> {
  readonly kind: ChannelKind<V>;
  encode(runs: readonly Run<V>[], cursor: string, now: EpochMs): Payload[];
  /** Everything up to `cursor` has been written. */
  delivered(cursor: string): void;
}

interface Held {
  size(): number;
  write(connection: Connection, now: EpochMs): void;
}

class HeldChannel<V> implements Held {
  private readonly latest = new Map<string, Run<V>>();
  private readonly each: Run<V>[] = [];
  private dropped = 0;
  private cursor = "";

  constructor(private readonly to: Addressee<V>) {}

  hold(runs: readonly Run<V>[], cursor: string): number {
    const before = this.dropped;
    for (const run of runs)
      for (const value of run.values) {
        const key = this.to.kind.conflationKey(value);
        const one = { ...run, values: [value] };
        if (key === undefined) {
          this.each.push(one);
          continue;
        }
        // Set anew, so that the order is that of the newest.
        if (this.latest.delete(key)) this.dropped++;
        this.latest.set(key, one);
      }
    this.cursor = cursor;
    return this.dropped - before;
  }

  size(): number {
    return this.each.length;
  }

  series(): number {
    return this.latest.size;
  }

  write(connection: Connection, now: EpochMs): void {
    const runs = [...this.each, ...this.latest.values()];
    const payloads = this.to.encode(runs, this.cursor, now);
    const { channel } = this.to.kind;
    if (this.dropped > 0)
      payloads.unshift(controlPayload({ type: "conflated", channel, dropped: this.dropped }));
    connection.write(connection.wire.frame(payloads));
    this.to.delivered(this.cursor);
  }
}

export interface OutboxServices {
  limits: Pick<RealtimeLimits, "lag_bytes" | "caught_up_bytes" | "lag_ms" | "held_alerts" | "held_series">;
  metrics: Metrics;
  /** Called when the socket begins to lag: `poll` is wanted from now on. */
  lags(outbox: Outbox): void;
}

/**
 * What stands between the rooms and one socket. While the socket keeps up, frames pass through; once too much is
 * unsent they are held back: of readings the latest of each sensor, of alerts all, until it has caught up or is
 * closed.
 */
export class Outbox {
  private held: Map<Addressee<never>, HeldChannel<never>> | undefined;
  private lagging_since: EpochMs = 0;

  constructor(
    private readonly connection: Connection,
    private readonly services: OutboxServices,
  ) {}

  get lagging(): boolean {
    return this.held !== undefined;
  }

  /** `runs` are what the frames hold, asked for only where they are not written. */
  deliver<V>(
    to: Addressee<V>,
    frames: Frames,
    runs: () => readonly Run<V>[],
    cursor: string,
    now: EpochMs,
  ): void {
    if (this.held === undefined) {
      if (this.connection.buffered() <= this.services.limits.lag_bytes) {
        this.connection.write(frames);
        to.delivered(cursor);
        return;
      }
      this.held = new Map();
      this.lagging_since = now;
      this.services.metrics.increment("foresight_clients_lagging_total");
      this.services.lags(this);
    }
    const channels = this.held as unknown as Map<Addressee<V>, HeldChannel<V>>;
    let channel = channels.get(to);
    if (channel === undefined) {
      channel = new HeldChannel(to);
      channels.set(to, channel);
    }
    const dropped = channel.hold(runs(), cursor);
    if (dropped > 0) this.services.metrics.increment("foresight_readings_conflated_total", {}, dropped);
    if (
      channel.size() > this.services.limits.held_alerts ||
      channel.series() > this.services.limits.held_series
    )
      this.giveUp();
  }

  /** A subscription has ended: nothing is held for it. */
  forget(to: Addressee<never>): void {
    this.held?.delete(to);
  }

  /** @returns whether the socket still lags */
  poll(now: EpochMs): boolean {
    if (this.held === undefined) return false;
    if (this.connection.buffered() > this.services.limits.caught_up_bytes) {
      if (now - this.lagging_since > this.services.limits.lag_ms) this.giveUp();
      return this.held !== undefined;
    }
    const held = this.held;
    this.held = undefined;
    for (const channel of held.values()) channel.write(this.connection, now);
    return false;
  }

  /** Nothing is written any more. */
  discard(): void {
    this.held = undefined;
  }

  /** Closes the socket, which may come back and resume. */
  giveUp(): void {
    this.held = undefined;
    this.services.metrics.increment("foresight_slow_clients_closed_total");
    this.connection.close(
      CLOSE.SLOW_CONSUMER,
      "You read too slowly; come back and resume with your cursors.",
    );
  }
}

import type { EpochMs } from "../domain/time.ts";
import type { Clock, Logger } from "../ports/system.ts";
import type { RealtimeLimits } from "./limits.ts";
import type { Outbox } from "./outbox.ts";
import type { AnyStream, StreamServices } from "./stream.ts";

/**
 * The one tick for all rooms: whatever was pushed is flushed at once where the last flush lies a tick back, else
 * with everything else that comes before the tick is over.
 */
export class Hub implements StreamServices {
  private readonly dirty = new Set<AnyStream>();
  private readonly lagging = new Set<Outbox>();
  private readonly waiting: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private flushed_at = Number.NEGATIVE_INFINITY;
  private stopped = false;

  constructor(
    private readonly clock: Clock,
    readonly limits: RealtimeLimits,
    private readonly logger: Logger,
  ) {}

  failed(error: unknown): void {
    this.logger.error({ error: error instanceof Error ? error.stack : String(error) }, "a replay failed");
  }

  now(): EpochMs {
    return this.clock.now();
  }

  changed(stream: AnyStream): void {
    this.dirty.add(stream);
    this.schedule();
  }

  lags(outbox: Outbox): void {
    this.lagging.add(outbox);
    this.schedule();
  }

  moment(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.schedule();
    });
  }

  /** A source has pushed all that it has: leaves at once after a quiet tick. */
  settle(): void {
    if (this.dirty.size > 0 && this.untilTick() <= 0) this.tick();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private untilTick(): number {
    const passed = this.clock.now() - this.flushed_at;
    // A clock that was set back must not stop the stream.
    return passed < 0 ? 0 : this.limits.tick_ms - passed;
  }

  private schedule(): void {
    if (this.timer !== undefined || this.stopped) return;
    this.timer = setTimeout(() => this.tick(), Math.min(this.limits.tick_ms, Math.max(1, this.untilTick())));
  }

  private tick(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const now = this.clock.now();
    this.flushed_at = now;
    const streams = [...this.dirty];
    this.dirty.clear();
    for (const stream of streams) if (stream.flush(now)) this.dirty.add(stream);
    for (const outbox of this.lagging) if (!outbox.poll(now)) this.lagging.delete(outbox);
    for (const resolve of this.waiting.splice(0)) resolve();
    if (this.dirty.size > 0 || this.lagging.size > 0) this.schedule();
  }
}

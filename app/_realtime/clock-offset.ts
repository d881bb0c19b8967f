import type { EpochMs } from "../../lib/domain/time.ts";

const SAMPLES = 16;
/** Clocks drift, so an old measurement is given up even where it was the better one. */
const KEEP_MS = 5 * 60_000;

export interface ClockOffset {
  /** This machine's clock minus the server's, ms. */
  offset_ms: number;
  /** The offset is right within ± this: half the round trip. */
  error_ms: number;
}

/**
 * Measures the difference of the clocks from echoes, as NTP does: of the recent ones the shortest round trip counts,
 * since the half that is unknown is the smallest there (RFC 5905, section 10, clock filter).
 */
export class OffsetFilter {
  private samples: { at: EpochMs; offset: number; round_trip: number }[] = [];

  /** `sent` and `now` by this machine's clock, `server` the time that the answer brought. */
  add(sent: EpochMs, server: EpochMs, now: EpochMs): void {
    const round_trip = now - sent;
    if (!(round_trip >= 0) || !Number.isFinite(server)) return;
    this.samples.push({ at: now, offset: sent + round_trip / 2 - server, round_trip });
    if (this.samples.length > SAMPLES) this.samples.shift();
    this.samples = this.samples.filter(({ at }) => now - at <= KEEP_MS);
  }

  /** `undefined` before the first echo. */
  get best(): ClockOffset | undefined {
    const [first, ...rest] = this.samples;
    if (first === undefined) return undefined;
    const best = rest.reduce((a, b) => (b.round_trip <= a.round_trip ? b : a), first);
    return { offset_ms: best.offset, error_ms: best.round_trip / 2 };
  }

  clear(): void {
    this.samples = [];
  }
}

import type { EpochMs } from "../../lib/domain/time.ts";

/** Latency is kept in bins 4 % wide, which is finer than anyone reads it; from 1 ms to over an hour. */
const RATIO = Math.log(1.04);
const BINS = 400;

const binOf = (latency: number) =>
  latency <= 1 ? 0 : Math.min(BINS - 1, Math.floor(Math.log(latency) / RATIO) + 1);
/** The upper edge, so a percentile is never understated. */
const edgeOf = (bin: number) => Math.exp(bin * RATIO);

/** One second of the stream, by this machine's clock. */
export interface Second {
  /** Whole seconds since 1970. */
  second: number;
  readings: number;
  p50_ms: number | null;
  p99_ms: number | null;
}

class Bucket {
  readings = 0;
  timed = 0;
  readonly bins = new Uint32Array(BINS);
  constructor(readonly second: number) {}
}

/** Rate and latency over the last seconds, with a history by the second for charts. Memory does not grow. */
export class StreamStatistics {
  private buckets: Bucket[] = [];

  /** `keep_s`: how many seconds of history; the rate is over `window_s` of them. */
  constructor(
    private readonly window_s = 10,
    private readonly keep_s = 120,
  ) {}

  /** Counts one reading; `latency` in ms where it is known (the clock difference taken out). */
  add(now: EpochMs, latency: number | undefined): void {
    const bucket = this.bucketAt(now);
    bucket.readings++;
    if (latency === undefined) return;
    bucket.timed++;
    bucket.bins[binOf(latency)]!++;
  }

  /** Readings a second over the window, or over the time since the first one where that is shorter. */
  rate(now: EpochMs): number {
    const from = now / 1000 - this.window_s;
    const inWindow = this.buckets.filter(({ second }) => second + 1 > from && second <= now / 1000);
    const oldest = this.buckets[0];
    if (oldest === undefined) return 0;
    const seconds = Math.min(this.window_s, Math.max(1, now / 1000 - oldest.second));
    return inWindow.reduce((sum, { readings }) => sum + readings, 0) / seconds;
  }

  /** The latencies below which half, and 99 %, of the window's readings lie. */
  latency(now: EpochMs): { p50_ms: number | null; p99_ms: number | null } {
    const from = now / 1000 - this.window_s;
    return percentiles(this.buckets.filter(({ second }) => second + 1 > from));
  }

  /** Second by second, oldest first, without the present one; seconds without readings are 0. */
  history(now: EpochMs): Second[] {
    const present = Math.floor(now / 1000);
    const first = this.buckets[0];
    if (first === undefined) return [];
    const bySecond = new Map(this.buckets.map((bucket) => [bucket.second, bucket]));
    const seconds: Second[] = [];
    for (let second = Math.max(first.second, present - this.keep_s); second < present; second++) {
      const bucket = bySecond.get(second);
      seconds.push({
        second,
        readings: bucket?.readings ?? 0,
        ...percentiles(bucket === undefined ? [] : [bucket]),
      });
    }
    return seconds;
  }

  private bucketAt(now: EpochMs): Bucket {
    const second = Math.floor(now / 1000);
    const last = this.buckets.at(-1);
    if (last !== undefined && last.second === second) return last;
    // After the clock was set back what lies ahead of it can't be told apart; begin anew.
    if (last !== undefined && last.second > second) this.buckets = [];
    const bucket = new Bucket(second);
    this.buckets.push(bucket);
    while (this.buckets[0]!.second < second - this.keep_s) this.buckets.shift();
    return bucket;
  }
}

function percentiles(buckets: readonly Bucket[]): { p50_ms: number | null; p99_ms: number | null } {
  const timed = buckets.reduce((sum, bucket) => sum + bucket.timed, 0);
  if (timed === 0) return { p50_ms: null, p99_ms: null };
  const below = (share: number): number => {
    let left = Math.ceil(timed * share);
    for (let bin = 0; bin < BINS; bin++) {
      for (const bucket of buckets) left -= bucket.bins[bin]!;
      if (left <= 0) return edgeOf(bin);
    }
    return edgeOf(BINS - 1);
  };
  return { p50_ms: below(0.5), p99_ms: below(0.99) };
}

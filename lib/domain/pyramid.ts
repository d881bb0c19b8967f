import { qualityIndexOfTag, type Samples } from "./chunk.ts";
import { ForesightError } from "./errors.ts";
import type { HistoryPoint } from "./history.ts";
import { QUALITIES } from "./quality.ts";
import type { EpochMs } from "./time.ts";

/** What is known of consecutive readings without reading them. `quality` is the index of the worst. */
export interface Summary {
  first: EpochMs;
  last: EpochMs;
  count: number;
  min: number;
  max: number;
  mean: number;
  quality: number;
}

/** Summary of samples `from` … `to - 1`, at least one. */
export function summarize(samples: Samples, from = 0, to = samples.times.length): Summary {
  const { times, values, tags } = samples;
  let min = values[from]!;
  let max = min;
  let sum = 0;
  let quality = 0;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    const q = qualityIndexOfTag(tags[i]!);
    if (q > quality) quality = q;
  }
  const count = to - from;
  let mean = sum / count;
  if (!Number.isFinite(mean)) {
    // The sum of values near the largest number overflows; their mean does not.
    mean = 0;
    for (let i = from; i < to; i++) mean += values[i]! / count;
  }
  return { first: times[from]!, last: times[to - 1]!, count, min, max, mean, quality };
}

/** The weighted mean in a form that does not overflow where neither of them does. */
const meanOf = (a: number, na: number, b: number, nb: number) => a * (na / (na + nb)) + b * (nb / (na + nb));

/** Adds `other` to `into`; they may come in any order. */
export function addSummary(into: Summary, other: Summary): void {
  into.mean = meanOf(into.mean, into.count, other.mean, other.count);
  into.count += other.count;
  if (other.first < into.first) into.first = other.first;
  if (other.last > into.last) into.last = other.last;
  if (other.min < into.min) into.min = other.min;
  if (other.max > into.max) into.max = other.max;
  if (other.quality > into.quality) into.quality = other.quality;
}

export function combine(summaries: readonly Summary[]): Summary {
  const all = { ...summaries[0]! };
  for (let i = 1; i < summaries.length; i++) addSummary(all, summaries[i]!);
  return all;
}

/**
 * Parts of a length as even as can be: how a level of the pyramid, or a chunk grown too large, is divided.
 * @returns the ends, ascending; the last is `length`
 */
export function evenEnds(length: number, size: number): number[] {
  const parts = Math.max(1, Math.floor(length / size));
  return Array.from({ length: parts }, (_, i) => Math.round(((i + 1) * length) / parts));
}

const SUMMARY_BYTES = 33;

/** `first` and `last` are the stored key and are not in it. */
export function encodeSummary({ count, min, max, mean, quality }: Summary): Uint8Array {
  const bytes = new Uint8Array(SUMMARY_BYTES);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, count, true);
  view.setFloat64(8, min, true);
  view.setFloat64(16, max, true);
  view.setFloat64(24, mean, true);
  bytes[32] = quality;
  return bytes;
}

/** @throws ForesightError `invalid_request` where the bytes are none */
export function decodeSummary(first: EpochMs, last: EpochMs, bytes: Uint8Array): Summary {
  if (bytes.length !== SUMMARY_BYTES)
    throw new ForesightError("invalid_request", `A summary of ${bytes.length} bytes, not ${SUMMARY_BYTES}.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    first,
    last,
    count: view.getFloat64(0, true),
    min: view.getFloat64(8, true),
    max: view.getFloat64(16, true),
    mean: view.getFloat64(24, true),
    quality: bytes[32]!,
  };
}

/**
 * Gathers readings and summaries of them, in any order, into at most `buckets` points that divide the time from
 * `from` to `to` evenly. A summary counts whole in the bucket where it begins, so a point's `timestamp` and `until`
 * tell what it really covers.
 */
export class Buckets {
  readonly width_ms: number;
  total = 0;
  private readonly list: (Summary | undefined)[];

  constructor(
    private readonly from: EpochMs,
    to: EpochMs,
    private readonly buckets: number,
  ) {
    this.width_ms = (to - from + 1) / buckets;
    this.list = new Array(buckets);
  }

  private indexOf(at: EpochMs): number {
    return Math.min(this.buckets - 1, Math.max(0, Math.floor((at - this.from) / this.width_ms)));
  }

  add(summary: Summary): void {
    this.total += summary.count;
    const index = this.indexOf(summary.first);
    const bucket = this.list[index];
    if (bucket === undefined) this.list[index] = { ...summary };
    else addSummary(bucket, summary);
  }

  /** Samples `from` … `to - 1`. */
  addSamples(samples: Samples, from: number, to: number): void {
    const { times } = samples;
    for (let i = from; i < to; ) {
      const index = this.indexOf(times[i]!);
      let end = i + 1;
      while (end < to && this.indexOf(times[end]!) === index) end++;
      this.add(summarize(samples, i, end));
      i = end;
    }
  }

  points(): HistoryPoint[] {
    const points: HistoryPoint[] = [];
    for (const bucket of this.list)
      if (bucket !== undefined)
        points.push({
          timestamp: bucket.first,
          until: bucket.last,
          value: bucket.mean,
          min: bucket.min,
          max: bucket.max,
          count: bucket.count,
          quality: QUALITIES[bucket.quality]!,
        });
    return points;
  }
}

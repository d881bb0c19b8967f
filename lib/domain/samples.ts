import { emptySamples, type Samples } from "./chunk.ts";
import type { EpochMs } from "./time.ts";

/** @returns the index of the first time that is not before `at`; the length where there is none */
export function lowerBound(times: readonly EpochMs[], at: EpochMs): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Puts one reading where it belongs, in place.
 * @returns false where its time was there already: the first value wins
 */
export function insertSample(into: Samples, time: EpochMs, value: number, tag: number): boolean {
  const { times, values, tags } = into;
  const last = times.length - 1;
  if (last < 0 || time > times[last]!) {
    times.push(time);
    values.push(value);
    tags.push(tag);
    return true;
  }
  const at = lowerBound(times, time);
  if (times[at] === time) return false;
  times.splice(at, 0, time);
  values.splice(at, 0, value);
  tags.splice(at, 0, tag);
  return true;
}

/** The union by time of two ascending lists; where both have a time, the one of `first` stays. */
export function unionSamples(first: Samples, second: Samples): Samples {
  const union = emptySamples();
  const take = (from: Samples, i: number) => {
    union.times.push(from.times[i]!);
    union.values.push(from.values[i]!);
    union.tags.push(from.tags[i]!);
  };
  let i = 0;
  let j = 0;
  while (i < first.times.length || j < second.times.length) {
    const a = first.times[i] ?? Number.POSITIVE_INFINITY;
    const b = second.times[j] ?? Number.POSITIVE_INFINITY;
    if (a <= b) {
      take(first, i++);
      if (a === b) j++;
    } else take(second, j++);
  }
  return union;
}

export function sliceSamples({ times, values, tags }: Samples, from: number, to?: number): Samples {
  return { times: times.slice(from, to), values: values.slice(from, to), tags: tags.slice(from, to) };
}

export function concatSamples(a: Samples, b: Samples): Samples {
  return {
    times: a.times.concat(b.times),
    values: a.values.concat(b.values),
    tags: a.tags.concat(b.tags),
  };
}

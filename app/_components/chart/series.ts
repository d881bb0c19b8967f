import { QUALITIES, type Quality } from "../../../lib/domain/quality.ts";

/** One mark of a chart: a reading, or `n` readings between `x` and `until` with their mean `y` and extremes. */
export interface LanePoint {
  x: number;
  y: number;
  until: number;
  min: number;
  max: number;
  n: number;
  /** Index in `QUALITIES` of the worst reading. */
  q: number;
}

/** New readings in columns, in order of time; `q` is the index in `QUALITIES`. */
export interface TailColumns {
  t: ArrayLike<number>;
  v: ArrayLike<number>;
  q: ArrayLike<number>;
}

/** Most points a lane keeps: what lies before goes, since no screen has more pixels. */
const MOST_POINTS = 6_000;

export function qualityOf(point: LanePoint): Quality {
  return QUALITIES[point.q] ?? "good";
}

/**
 * What one lane draws: the stored history, and the live readings after it, gathered into buckets as wide as those of
 * the history so that both look alike. Order is that of time.
 */
export class LaneSeries {
  points: LanePoint[] = [];
  /** Rises with every change. */
  version = 0;
  /** Rises when the past itself is another. */
  history = 0;
  private bucket_ms = 0;

  /** Begins anew with stored points; live readings up to the last of them are known. */
  reset(history: readonly LanePoint[], bucket_ms: number): void {
    this.points = history.slice();
    this.bucket_ms = bucket_ms;
    this.version++;
    this.history++;
  }

  /** Time of the newest reading, `-Infinity` where there is none. */
  get last(): number {
    return this.points.at(-1)?.until ?? Number.NEGATIVE_INFINITY;
  }

  /**
   * Takes what is newer than the last reading.
   * @returns `false` where readings between the last one and the oldest of `tail` may have been missed: the stored
   * history has to be asked again
   */
  append(tail: TailColumns, complete: boolean): boolean {
    const length = tail.t.length;
    if (length === 0) return true;
    const last = this.last;
    const contiguous = complete || this.points.length === 0 || tail.t[0]! <= last;
    let from = length;
    while (from > 0 && tail.t[from - 1]! > last) from--;
    if (from === length) return true;
    for (let i = from; i < length; i++) this.push(tail.t[i]!, tail.v[i]!, tail.q[i]!);
    if (this.points.length > MOST_POINTS) this.points = this.points.slice(-MOST_POINTS * 0.75);
    this.version++;
    return contiguous;
  }

  /** Takes judgements that are newer than the last, each with the interval that it holds within. */
  appendPoints(points: readonly LanePoint[]): void {
    const { last } = this;
    const newer = points.filter(({ x }) => x > last);
    if (newer.length === 0) return;
    this.points.push(...newer);
    if (this.points.length > MOST_POINTS) this.points = this.points.slice(-MOST_POINTS * 0.75);
    this.version++;
  }

  private push(t: number, v: number, q: number): void {
    const last = this.points.at(-1);
    if (
      last !== undefined &&
      this.bucket_ms > 0 &&
      Math.floor(t / this.bucket_ms) === Math.floor(last.x / this.bucket_ms)
    ) {
      last.y += (v - last.y) / (last.n + 1);
      last.n++;
      last.until = t;
      if (v < last.min) last.min = v;
      if (v > last.max) last.max = v;
      if (q > last.q) last.q = q;
      return;
    }
    this.points.push({ x: t, y: v, until: t, min: v, max: v, n: 1, q });
  }
}

/** Index of the first point that ends at or after `t`. */
export function firstFrom(points: readonly LanePoint[], t: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (points[middle]!.until < t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The points between `from` and `to`, with one neighbour on each side so that lines run to the edge. */
export function visible(points: readonly LanePoint[], from: number, to: number): LanePoint[] {
  const first = Math.max(0, firstFrom(points, from) - 1);
  let end = firstFrom(points, to);
  while (end < points.length && points[end]!.x <= to) end++;
  return points.slice(first, Math.min(points.length, end + 1));
}

/**
 * Gathers points that fall into the same column of pixels, extremes and worst quality kept: a line through thousands
 * of points in a few columns costs as much as they are many and shows no more. Columns are fixed in time, so they do
 * not shimmer when the range moves.
 */
export function pixelColumns(points: readonly LanePoint[], pixel_ms: number): LanePoint[] {
  const columns: LanePoint[] = [];
  let column = Number.NaN;
  let own = false;
  for (const point of points) {
    const last = columns.at(-1);
    const at = Math.floor(point.x / pixel_ms);
    if (last === undefined || at !== column) {
      columns.push(point);
      column = at;
      own = false;
      continue;
    }
    const gathered = own ? last : { ...last };
    gathered.n += point.n;
    gathered.y += ((point.y - gathered.y) * point.n) / gathered.n;
    gathered.until = point.until;
    gathered.min = Math.min(gathered.min, point.min);
    gathered.max = Math.max(gathered.max, point.max);
    gathered.q = Math.max(gathered.q, point.q);
    if (!own) columns[columns.length - 1] = gathered;
    own = true;
  }
  return columns;
}

/** The point at or nearest to a time. */
export function nearest(points: readonly LanePoint[], t: number): LanePoint | undefined {
  const after = points[firstFrom(points, t)];
  const before = points[firstFrom(points, t) - 1];
  if (after === undefined) return before;
  if (before === undefined || after.x <= t) return after;
  return t - before.until <= after.x - t ? before : after;
}

import { QUALITIES, type Quality } from "../../lib/domain/quality.ts";
import type { EpochMs } from "../../lib/domain/time.ts";

const FIRST_CAPACITY = 32;

/** One reading out of a ring. */
export interface RingPoint {
  t: EpochMs;
  v: number;
  quality: Quality;
  received_at: EpochMs;
}

/**
 * The columns of a ring in time order, without a copy: valid until the ring changes (compare `version`). `q` is the
 * index in `QUALITIES`.
 */
export interface RingColumns {
  t: Float64Array;
  v: Float64Array;
  q: Uint8Array;
  received: Float64Array;
}

/**
 * The newest readings of one sensor in time order, at most `limit` of them. The columns are kept contiguous, with
 * a quarter of slack, so a chart reads them as they lie; moving them to the front is paid once per quarter.
 */
export class RingBuffer {
  /** Rises with every change. */
  version = 0;
  private t = new Float64Array(FIRST_CAPACITY);
  private v = new Float64Array(FIRST_CAPACITY);
  private q = new Uint8Array(FIRST_CAPACITY);
  private received = new Float64Array(FIRST_CAPACITY);
  private start = 0;
  private end = 0;

  constructor(private limit: number) {}

  get length(): number {
    return this.end - this.start;
  }

  get capacity(): number {
    return this.limit;
  }

  /**
   * Puts a reading at its place in time; a late one moves those after it.
   * @returns `false` where there is one of this time already (the first value wins), or where the ring is full of
   * newer ones
   */
  insert(t: EpochMs, v: number, quality: Quality, received_at: EpochMs): boolean {
    let at = this.end;
    if (this.length > 0 && t <= this.t[this.end - 1]!) {
      at = this.lowerBound(t);
      if (at < this.end && this.t[at] === t) return false;
      if (at === this.start && this.length >= this.limit) return false;
    }
    if (this.end === this.t.length) at -= this.makeRoom();
    if (at < this.end)
      for (const column of [this.t, this.v, this.q, this.received]) column.copyWithin(at + 1, at, this.end);
    this.t[at] = t;
    this.v[at] = v;
    this.q[at] = QUALITIES.indexOf(quality);
    this.received[at] = received_at;
    this.end++;
    if (this.length > this.limit) this.start++;
    this.version++;
    return true;
  }

  /** The reading number `i` from the oldest; negative from the newest. */
  at(i: number): RingPoint | undefined {
    const at = i < 0 ? this.end + i : this.start + i;
    if (at < this.start || at >= this.end) return undefined;
    return {
      t: this.t[at]!,
      v: this.v[at]!,
      quality: QUALITIES[this.q[at]!]!,
      received_at: this.received[at]!,
    };
  }

  columns(): RingColumns {
    const { start, end } = this;
    return {
      t: this.t.subarray(start, end),
      v: this.v.subarray(start, end),
      q: this.q.subarray(start, end),
      received: this.received.subarray(start, end),
    };
  }

  *[Symbol.iterator](): Generator<RingPoint> {
    for (let i = 0; i < this.length; i++) yield this.at(i)!;
  }

  /** Keeps at most `limit` from now on; where that is fewer, the oldest go. */
  resize(limit: number): void {
    this.limit = limit;
    if (this.length <= limit) return;
    this.start = this.end - limit;
    this.reallocate(this.wanted(limit));
    this.version++;
  }

  clear(): void {
    this.start = 0;
    this.end = 0;
    this.version++;
  }

  /** The first place whose time is not before `t`. */
  private lowerBound(t: EpochMs): number {
    let low = this.start;
    let high = this.end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.t[middle]! < t) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private wanted(length: number): number {
    return Math.min(Math.max(FIRST_CAPACITY, length * 2), Math.ceil(this.limit * 1.25) + 1);
  }

  /** @returns by how much everything moved towards the front */
  private makeRoom(): number {
    const moved = this.start;
    const wanted = this.wanted(this.length);
    if (wanted > this.t.length || moved === 0) this.reallocate(Math.max(wanted, this.length + 1));
    else {
      for (const column of [this.t, this.v, this.q, this.received])
        column.copyWithin(0, this.start, this.end);
      this.end -= moved;
      this.start = 0;
    }
    return moved;
  }

  private reallocate(capacity: number): void {
    const { t, v, q, received } = this.columns();
    this.t = new Float64Array(capacity);
    this.v = new Float64Array(capacity);
    this.q = new Uint8Array(capacity);
    this.received = new Float64Array(capacity);
    this.t.set(t);
    this.v.set(v);
    this.q.set(q);
    this.received.set(received);
    this.end -= this.start;
    this.start = 0;
  }
}

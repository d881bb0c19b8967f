import type { EpochMs } from "../domain/time.ts";
import type { Frames } from "./connection.ts";
import { furthest, type Offsets, reached } from "./positions.ts";
import type { Run } from "./runs.ts";

/** What one tick brought to one channel of one tenant. */
export interface Segment<V> {
  index: number;
  at: EpochMs;
  runs: readonly Run<V>[];
  /** Where the channel stands after it. */
  next: Offsets;
  /** `next` as clients get it. */
  cursor: string;
  bytes: number;
  /** Framed already, by room and wire; `null` where the room wants none of it. */
  frames: Map<string, Frames | null>;
}

export interface RingLimits {
  /** Segments are kept so long, ms, … */
  history_ms: number;
  /** … but no more than this in memory, about, … */
  history_bytes: number;
  /** … and this in frames. */
  frame_bytes: number;
}

/** The last ticks of a channel, from which those who come back are served. */
export class SegmentRing<V> {
  private segments: Segment<V>[] = [];
  private head = 0;
  private next_index = 0;
  private bytes = 0;
  private frame_bytes = 0;
  /** Segments with frames, the earliest framed first. */
  private readonly framed = new Set<Segment<V>>();

  /** Everything from `start` on is here. */
  constructor(
    private start: Offsets,
    private readonly limits: RingLimits,
  ) {}

  push(segment: Omit<Segment<V>, "index" | "frames">): Segment<V> {
    const added = { ...segment, index: this.next_index++, frames: new Map() };
    this.segments.push(added);
    this.bytes += segment.bytes;
    this.trim(segment.at);
    return added;
  }

  covers(from: Offsets): boolean {
    return reached(from, this.start);
  }

  /** Index of the first segment that holds something at or behind the offsets. */
  locate(from: Offsets): number {
    let i = this.segments.length;
    while (i > this.head && !reached(from, this.segments[i - 1]!.next)) i--;
    return this.next_index - (this.segments.length - i);
  }

  /** `undefined` where it is not there yet or no more. */
  at(index: number): Segment<V> | undefined {
    const i = index - (this.next_index - this.segments.length);
    return i >= this.head ? this.segments[i] : undefined;
  }

  keepFrames(segment: Segment<V>, key: string, frames: Frames | null): void {
    segment.frames.set(key, frames);
    this.framed.add(segment);
    this.frame_bytes += frames?.size ?? 0;
    for (const oldest of this.framed) {
      if (this.frame_bytes <= this.limits.frame_bytes || oldest === segment) break;
      this.dropFrames(oldest);
    }
  }

  trim(now: EpochMs): void {
    const { history_ms, history_bytes } = this.limits;
    for (; this.head < this.segments.length - 1; this.head++) {
      const oldest = this.segments[this.head]!;
      if (this.bytes <= history_bytes && now - oldest.at <= history_ms) break;
      this.bytes -= oldest.bytes;
      this.start = furthest(this.start, oldest.next);
      this.dropFrames(oldest);
      // Leaves no reference to what is gone until the array is cut.
      this.segments[this.head] = undefined as never;
    }
    if (this.head > 64 && this.head * 2 > this.segments.length) {
      this.segments = this.segments.slice(this.head);
      this.head = 0;
    }
  }

  private dropFrames(segment: Segment<V>): void {
    for (const frames of segment.frames.values()) this.frame_bytes -= frames?.size ?? 0;
    segment.frames.clear();
    this.framed.delete(segment);
  }
}

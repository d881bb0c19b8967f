import { describe, expect, it } from "vitest";
import type { Frames } from "./connection.ts";
import { SegmentRing } from "./segment-ring.ts";

const frames = (size: number): Frames => ({ kind: "bytes", bytes: new Uint8Array(size), size });

/** A ring with ten segments of ten values each, a second apart. */
function filled(limits: { history_ms?: number; history_bytes?: number; frame_bytes?: number } = {}) {
  const ring = new SegmentRing<number>(
    { 0: 0 },
    { history_ms: 60_000, history_bytes: 1e6, frame_bytes: 1e6, ...limits },
  );
  for (let i = 0; i < 10; i++)
    ring.push({
      at: i * 1_000,
      runs: [],
      next: { 0: (i + 1) * 10 },
      cursor: `l:0:${(i + 1) * 10}`,
      bytes: 100,
    });
  return ring;
}

describe("The ring of segments", () => {
  it("finds the first segment that holds something behind a position", () => {
    const ring = filled();
    expect(ring.at(ring.locate({ 0: 0 }))?.cursor).toBe("l:0:10");
    expect(ring.at(ring.locate({ 0: 10 }))?.cursor).toBe("l:0:20");
    expect(ring.at(ring.locate({ 0: 55 }))?.cursor).toBe("l:0:60");
    expect(ring.at(ring.locate({ 0: 100 }))).toBeUndefined();
    expect(ring.at(ring.locate({ 0: 500 }))).toBeUndefined();
  });

  it("forgets what is too old, and then says that it does not reach there", () => {
    const ring = filled({ history_ms: 3_000 });
    expect(ring.covers({ 0: 59 })).toBe(false);
    expect(ring.covers({ 0: 60 })).toBe(true);
    expect(ring.at(ring.locate({ 0: 60 }))?.cursor).toBe("l:0:70");
    expect(ring.at(ring.locate({ 0: 100 }))).toBeUndefined();
  });

  it("keeps no more bytes than it may, but always the last segment", () => {
    const ring = filled({ history_bytes: 250 });
    expect(ring.covers({ 0: 80 })).toBe(true);
    expect(ring.covers({ 0: 79 })).toBe(false);
    expect(filled({ history_bytes: 0 }).covers({ 0: 90 })).toBe(true);
  });

  it("goes on counting over many thousands of segments", () => {
    const ring = new SegmentRing<number>({ 0: 0 }, { history_ms: 100, history_bytes: 1e9, frame_bytes: 0 });
    for (let i = 1; i <= 5_000; i++)
      ring.push({ at: i, runs: [], next: { 0: i }, cursor: `l:0:${i}`, bytes: 1 });
    expect(ring.at(ring.locate({ 0: 4_950 }))?.cursor).toBe("l:0:4951");
    expect(ring.covers({ 0: 4_000 })).toBe(false);
  });

  it("drops the oldest frames beyond their bound, and what is framed again counts as new", () => {
    const ring = filled({ frame_bytes: 100 });
    const segment = (n: number) => ring.at(ring.locate({ 0: n * 10 }))!;
    ring.keepFrames(segment(8), "raw", frames(60));
    ring.keepFrames(segment(2), "raw", frames(60));
    expect(segment(8).frames.size).toBe(0);
    expect(segment(2).frames.size).toBe(1);
    ring.keepFrames(segment(3), "raw", frames(30));
    expect(segment(2).frames.size + segment(3).frames.size).toBe(2);
  });
});

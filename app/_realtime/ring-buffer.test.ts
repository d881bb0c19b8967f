import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RingBuffer } from "./ring-buffer.ts";

const times = (ring: RingBuffer) => [...ring.columns().t];

describe("a ring of readings", () => {
  it("keeps the newest in time order, whatever order they come in, and the first of each time", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 400 }),
        fc.integer({ min: 1, max: 90 }),
        (arrivals, limit) => {
          const ring = new RingBuffer(limit);
          const model: { t: number; v: number }[] = [];
          arrivals.forEach((t, v) => {
            const known = model.some((point) => point.t === t);
            const tooOld = model.length >= limit && t < model[0]!.t;
            expect(ring.insert(t, v, "good", v)).toBe(!known && !tooOld);
            if (known || tooOld) return;
            model.push({ t, v });
            model.sort((a, b) => a.t - b.t);
            if (model.length > limit) model.shift();
          });
          expect([...ring].map(({ t, v }) => ({ t, v }))).toEqual(model);
        },
      ),
    );
  });

  it("gives its columns as they lie, with quality and time of receipt", () => {
    const ring = new RingBuffer(10);
    ring.insert(2, 20, "bad", 102);
    ring.insert(1, 10, "uncertain", 103);
    const { t, v, q, received } = ring.columns();
    expect([t, v, q, received].map((column) => [...column])).toEqual([
      [1, 2],
      [10, 20],
      [1, 2],
      [103, 102],
    ]);
    expect(ring.at(-1)).toEqual({ t: 2, v: 20, quality: "bad", received_at: 102 });
    expect(ring.at(2)).toBeUndefined();
  });

  it("takes memory only as it fills, and never more than a quarter over its limit", () => {
    const ring = new RingBuffer(1_000);
    const bytes = () => ring.columns().t.buffer.byteLength;
    ring.insert(0, 0, "good", 0);
    expect(bytes()).toBe(32 * 8);
    for (let t = 1; t < 100_000; t++) ring.insert(t, t, "good", t);
    expect(ring.length).toBe(1_000);
    expect(bytes()).toBeLessThanOrEqual(1_251 * 8);
  });

  it("can be made smaller, keeping the newest, and larger again", () => {
    const ring = new RingBuffer(100);
    for (let t = 0; t < 100; t++) ring.insert(t, t, "good", t);
    ring.resize(3);
    expect(times(ring)).toEqual([97, 98, 99]);
    ring.resize(5);
    for (let t = 100; t < 103; t++) ring.insert(t, t, "good", t);
    expect(times(ring)).toEqual([98, 99, 100, 101, 102]);
  });

  it("tells by its version that it has changed", () => {
    const ring = new RingBuffer(5);
    const { version } = ring;
    ring.insert(1, 1, "good", 1);
    const after = ring.version;
    expect(after).toBeGreaterThan(version);
    ring.insert(1, 2, "good", 2);
    expect(ring.version).toBe(after);
    ring.clear();
    expect(ring.version).toBeGreaterThan(after);
    expect(ring.length).toBe(0);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OffsetFilter } from "./clock-offset.ts";

describe("the clock difference", () => {
  it("is unknown before the first echo", () => {
    expect(new OffsetFilter().best).toBeUndefined();
  });

  it("is never further off than it says, however uneven the way there and back", () => {
    const way = fc.integer({ min: 0, max: 2_000 });
    fc.assert(
      fc.property(
        fc.integer({ min: -300_000, max: 300_000 }),
        fc.array(fc.tuple(way, way), { minLength: 1, maxLength: 30 }),
        (difference, ways) => {
          const filter = new OffsetFilter();
          let now = 1_700_000_000_000;
          for (const [there, back] of ways) {
            const sent = now;
            now += there + back;
            filter.add(sent, sent + there - difference, now);
            const { offset_ms, error_ms } = filter.best!;
            expect(Math.abs(offset_ms - difference)).toBeLessThanOrEqual(error_ms);
          }
        },
      ),
    );
  });

  it("lets the shortest round trip count, and gives it up after five minutes", () => {
    const filter = new OffsetFilter();
    filter.add(0, 1, 2);
    filter.add(1_000, 1_500, 2_000);
    expect(filter.best).toEqual({ offset_ms: 0, error_ms: 1 });
    filter.add(400_000, 400_000, 400_100);
    expect(filter.best).toEqual({ offset_ms: 50, error_ms: 50 });
  });

  it("ignores an echo from before the clock was set back", () => {
    const filter = new OffsetFilter();
    filter.add(5_000, 1_000, 2_000);
    expect(filter.best).toBeUndefined();
  });
});

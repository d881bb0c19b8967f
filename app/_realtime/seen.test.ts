import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeenEvents, SeenReadings } from "./seen.ts";

describe("what has been seen", () => {
  it("a reading that comes again, in any order, is told from a new one", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("A", "B"), fc.constantFrom("T", "P"), fc.nat(100)), {
          maxLength: 400,
        }),
        (arrivals) => {
          const seen = new SeenReadings();
          const model = new Set<string>();
          for (const arrival of arrivals) {
            const key = arrival.join();
            expect(seen.add(...arrival)).toBe(!model.has(key));
            model.add(key);
          }
        },
      ),
    );
  });

  it("a repeated tick of 500 readings of one sensor is dropped whole", () => {
    const seen = new SeenReadings();
    for (let t = 0; t < 5_000; t++) seen.add("A", "T", t);
    const again = Array.from({ length: 500 }, (_, i) => seen.add("A", "T", 4_500 + i));
    expect(again.every((fresh) => !fresh)).toBe(true);
    expect(seen.add("A", "T", 5_000)).toBe(true);
  });

  it("alert events go by sequence, health by the time of its asset", () => {
    const seen = new SeenEvents();
    expect([1, 2, 2, 1, 3].map((seq) => seen.alert(seq))).toEqual([true, true, false, false, true]);
    expect([seen.score("A", 5), seen.score("A", 5), seen.score("B", 1), seen.score("A", 6)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    seen.forgetAlerts();
    seen.forgetHealth();
    expect([seen.alert(1), seen.score("A", 1)]).toEqual([true, true]);
  });
});

import { expect, it } from "vitest";
import { lifeInWords, lifeOf } from "./life.ts";

it("tells remaining life as a median and an interval in its unit", () => {
  const words = (rul: number, rul_low: number, rul_high: number, rul_unit: "cycles" | "hours") => {
    const life = lifeOf({ rul, rul_low, rul_high, rul_unit });
    return life?.kind === "known" ? lifeInWords(life) : undefined;
  };
  expect(words(42.3, 30.6, 55.1, "cycles")).toBe("42 cycles, 31–55");
  expect(words(1.2, 0, 4, "cycles")).toBe("1 cycle, 0–4");
  expect(words(6.25, 2.5, 14, "hours")).toBe("6.3 hours, 2.5–14");
});

it("tells why it is withheld, and nothing where no model judges the asset", () => {
  expect(lifeOf({ rul: null, reason: "insufficient data: 18 of 30 cycles" })).toEqual({
    kind: "withheld",
    reason: "insufficient data: 18 of 30 cycles",
  });
  expect(lifeOf({})).toBeUndefined();
  expect(lifeOf(undefined)).toBeUndefined();
});

import { expect, it } from "vitest";
import { lifeInWords, lifeOf, lifeParts } from "./life.ts";

const words = (
  rul: number,
  rul_low: number,
  rul_high: number,
  rul_unit: "cycles" | "hours",
  rul_most?: number,
) => {
  const life = lifeOf({ rul, rul_low, rul_high, rul_unit, ...(rul_most !== undefined && { rul_most }) });
  return life?.kind === "known" ? lifeInWords(life) : undefined;
};

it("tells remaining life as a median and an interval in its unit", () => {
  expect(words(42.3, 30.6, 55.1, "cycles")).toBe("42 cycles, 31–55");
  expect(words(1.2, 0, 4, "cycles")).toBe("1 cycle, 0–4");
  expect(words(6.25, 2.5, 14, "hours")).toBe("6.3 hours, 2.5–14");
});

it("tells what is too short or too long for hours in minutes or days, by how far the model sees", () => {
  expect(words(0.05, 0.04, 0.0667, "hours", 0.0667)).toBe("3.0 minutes, 2.4–4.0");
  expect(words(0.0167, 0, 0.03, "hours", 0.0667)).toBe("1.0 minute, 0.0–1.8");
  expect(words(36, 12, 240, "hours", 1_200)).toBe("1.5 days, 0.5–10");
});

it("tells of a life as long as the model sees that it may be longer", () => {
  expect(words(125, 120, 125, "cycles", 125)).toBe("> 125 cycles, 120–125");
  expect(words(130, 128, 180, "cycles", 180)).toBe("130 cycles, 128–180");
  expect(words(0.0667, 0.065, 0.0667, "hours", 0.0667)).toBe("> 4 minutes, 3.9–4.0");
});

it("tells what a life comes from in the same unit", () => {
  const health = { rul: 0.04, rul_unit: "hours", rul_most: 0.05, rul_as_new: 0.05, rul_by_age: 0 } as const;
  const parts = lifeParts({ ...health, rul_evidence: [{ sensor_id: "a", rul: -0.01 }] });
  expect(parts).toMatchObject({ unit: "minutes", rul_as_new: 3, rul_by_age: 0 });
  expect(parts.rul).toBeCloseTo(2.4);
  expect(parts.rul_evidence[0]!.rul).toBeCloseTo(-0.6);
});

it("cautions where the age is in doubt, not where the health score is withheld", () => {
  const known = { rul: 42, rul_low: 30, rul_high: 55, rul_unit: "cycles" as const };
  const reason = "age in doubt: the asset may have been first seen in mid-life";
  expect(lifeOf({ ...known, score: 80, reason })).toMatchObject({ kind: "known", caution: reason });
  expect(lifeOf({ ...known, score: null, reason: "too few readings" })).not.toHaveProperty("caution");
  expect(lifeOf({ ...known, score: 80 })).not.toHaveProperty("caution");
});

it("tells why it is withheld, and nothing where no model judges the asset", () => {
  expect(lifeOf({ rul: null, reason: "insufficient data: 18 of 30 cycles" })).toEqual({
    kind: "withheld",
    reason: "insufficient data: 18 of 30 cycles",
  });
  expect(lifeOf({})).toBeUndefined();
  expect(lifeOf(undefined)).toBeUndefined();
});

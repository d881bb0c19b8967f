import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readingSchema } from "../domain/reading.ts";
import { DEFAULT_TIMESTAMP_BOUNDS } from "../domain/time.ts";
import { createReadingValidator, quickReading } from "./validate-reading.ts";

const NOW = Date.UTC(2026, 0, 1);
const good = {
  asset_id: "PUMP-001",
  sensor_id: "PUMP-001-TEMP",
  sensor_type: "temperature",
  value: 78.5,
  unit: "celsius",
  timestamp: "2024-01-15T10:30:00Z",
};
const validate = createReadingValidator(DEFAULT_TIMESTAMP_BOUNDS);
const reasonFor = (candidate: unknown) => {
  const result = validate(candidate, NOW);
  return "reason" in result ? result.reason : undefined;
};

const identifier = fc.oneof(
  fc.string({ maxLength: 5 }),
  fc.constantFrom(
    "PUMP-001",
    "P\ud800",
    " PUMP",
    "a b",
    "",
    "x".repeat(129),
    "a\u0000",
    "a\u00a0",
    "ÄÖ",
    "a\n",
  ),
);
const almostReading = fc.record(
  {
    asset_id: fc.oneof(identifier, fc.integer()),
    sensor_id: identifier,
    sensor_type: fc.oneof(fc.constantFrom("temperature", "", "t".repeat(65)), fc.constant(null)),
    value: fc.oneof(fc.double(), fc.constantFrom("1", null, Number.POSITIVE_INFINITY)),
    unit: fc.constantFrom("celsius", "", "u".repeat(33)),
    quality: fc.constantFrom("good", "uncertain", "bad", "worse", null),
    timestamp: fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.constantFrom("2024-01-15 10:30:00Z", "2024-02-31T00:00:00Z", "1705314600000", "yesterday", ""),
      fc.double(),
      fc.integer(),
    ),
    asset_type: fc.constantFrom("pump", "", "p".repeat(65), 3),
    extra: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

describe("validation of readings", () => {
  it("[R-6.2] the quick check accepts nothing that the schema refuses and gives the same reading", () => {
    fc.assert(
      fc.property(fc.oneof(almostReading, fc.jsonValue()), (candidate) => {
        const quick = quickReading(candidate);
        if (quick === undefined) return;
        const authority = readingSchema.safeParse(candidate);
        expect(authority.success).toBe(true);
        expect(quick).toEqual(authority.data);
      }),
      { numRuns: 3_000 },
    );
  });

  it("accepts an ordinary reading by the quick check, with quality good where none is said", () => {
    expect(quickReading(good)).toEqual({
      ...good,
      quality: "good",
      timestamp: Date.UTC(2024, 0, 15, 10, 30),
    });
    expect(quickReading({ ...good, cycle: 7 })).toBeDefined();
  });

  it("never takes a tenant from a body", () => {
    expect(validate({ ...good, tenant_id: "other" }, NOW)).not.toHaveProperty("reading.tenant_id");
  });

  it("[bad input 31] an operator object in the place of a value is refused", () => {
    expect(reasonFor({ ...good, value: { $gt: "" } })).toMatch(/^value: .*number/);
    expect(reasonFor({ ...good, asset_id: { $gt: "" } })).toMatch(/^asset_id: .*string/);
  });

  it("[bad input 32] a __proto__ key is refused wherever it is", () => {
    expect(reasonFor(JSON.parse(`{"__proto__":{"admin":true},${JSON.stringify(good).slice(1)}`))).toMatch(
      /__proto__/,
    );
    expect(reasonFor(JSON.parse(`{"meta":{"__proto__":1},${JSON.stringify(good).slice(1)}`))).toMatch(
      /__proto__/,
    );
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it("[bad input 33] 10,000 levels of nesting are refused without exhausting the stack", () => {
    const deep = JSON.parse(`${"[".repeat(10_000)}${"]".repeat(10_000)}`);
    expect(reasonFor({ ...good, meta: deep })).toMatch(/nested deeper/);
    expect(reasonFor(deep)).toMatch(/nested deeper/);
  });

  it("[bad input 34] an infinite value is refused", () => {
    expect(reasonFor({ ...good, value: JSON.parse("1e400") })).toMatch(/^value: /);
  });

  it("[bad input 37] times before 2000, too far ahead, or no times at all are refused with the reason", () => {
    expect(reasonFor({ ...good, timestamp: "1999-12-31T23:59:59Z" })).toMatch(/before 2000/);
    expect(reasonFor({ ...good, timestamp: NOW + 11 * 60_000 })).toMatch(/more than 10 minutes ahead/);
    expect(reasonFor({ ...good, timestamp: -1e300 })).toMatch(/RFC 3339/);
    expect(reasonFor({ ...good, timestamp: "2024-13-01T00:00:00Z" })).toMatch(/RFC 3339/);
    expect(reasonFor({ ...good, timestamp: NOW + 9 * 60_000 })).toBeUndefined();
  });

  it("an id or a word with half a surrogate pair is refused: written as UTF-8 two of them would be one", () => {
    for (const field of ["asset_id", "sensor_id", "sensor_type", "unit", "asset_type"]) {
      const refused = validate({ ...good, [field]: "pump\ud800" }, NOW);
      expect(refused).toEqual({ reason: `${field}: expected well-formed Unicode` });
      expect(validate({ ...good, [field]: "pump 😀" }, NOW)).toHaveProperty("reading");
    }
  });

  it("[bad input 38] markup in a name is kept as the text it is", () => {
    const sensor_id = "<img onerror=alert(1)>";
    expect(validate({ ...good, sensor_id }, NOW)).toMatchObject({ reading: { sensor_id } });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Reading } from "../../domain/reading.ts";
import { createReadingValidator } from "../../ingest/validate-reading.ts";
import { KafkaRecord } from "./record-batch.ts";
import { decodeReading, encodeReading, keyOf, quickBody } from "./wire-reading.ts";

const id = fc.string({ unit: "binary", minLength: 1, maxLength: 20 });
const reading = fc.record({
  asset_id: id,
  sensor_id: id,
  sensor_type: id,
  value: fc.double({ noNaN: true, noDefaultInfinity: true }),
  unit: fc.string({ unit: "binary", maxLength: 10 }),
  quality: fc.constantFrom("good" as const, "uncertain" as const, "bad" as const),
  timestamp: fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }),
});

describe("a reading as it is published", () => {
  it("is read quickly to what JSON says, or not quickly", () => {
    fc.assert(
      fc.property(reading, (given: Reading) => {
        const text = encodeReading("acme", given);
        const parsed = JSON.parse(text);
        expect(Object.is(parsed.value, given.value)).toBe(true);
        const quick = quickBody(Buffer.from(text).toString("latin1"));
        if (quick !== undefined) expect(quick).toEqual(parsed);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is read quickly where it is as our own producers write it", () => {
    const plain: Reading = {
      asset_id: "PUMP-001",
      sensor_id: "PUMP-001-TEMP",
      sensor_type: "temperature",
      value: -1.5e-7,
      unit: "celsius",
      quality: "good",
      timestamp: Date.UTC(2024, 0, 1),
    };
    expect(quickBody(encodeReading("acme", plain))).toMatchObject({ value: -1.5e-7 });
  });

  it("is never read quickly where it is no JSON", () => {
    fc.assert(
      fc.property(reading, fc.nat(), fc.string({ maxLength: 3 }), (given: Reading, at, other) => {
        const text = encodeReading("acme", given);
        const place = at % text.length;
        const damaged = Buffer.from(text.slice(0, place) + other + text.slice(place + 1));
        const quick = quickBody(damaged.toString("latin1"));
        if (quick !== undefined) expect(quick).toEqual(JSON.parse(damaged.toString()));
      }),
      { numRuns: 2_000 },
    );
  });

  it("[bad input 55] is refused under another tenant's key, and said to be", () => {
    const validate = createReadingValidator(undefined);
    const value = Buffer.from(
      encodeReading("acme", {
        asset_id: "µ-1",
        sensor_id: "s",
        sensor_type: "t",
        value: 1,
        unit: "",
        quality: "good",
        timestamp: 0,
      }),
    );
    const under = (key: string | null) =>
      decodeReading(KafkaRecord.of(0, 1, key === null ? null : Buffer.from(key), value), validate);
    expect(under(keyOf("acme", "µ-1"))).toMatchObject({ tenant_id: "acme" });
    expect(under(null)).toMatchObject({ tenant_id: "acme" });
    expect(under("globex:µ-1")).toMatchObject({ foreign: true });
    expect(under("acme:x")).toEqual({ reason: 'the key is not "acme:µ-1"' });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isForesightError } from "./errors.ts";
import type { Reading } from "./reading.ts";
import { decodeReadingBlock, encodeReadingBlock } from "./reading-block.ts";

const anyText = fc.oneof(
  fc.constantFrom("PUMP-001", "PUMP-001-TEMP", "temperature", "celsius", "Wärme", "温度", "🔥", "a🔥", "a🔧"),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
  fc.string({ minLength: 100, maxLength: 300 }),
);
const anyValue = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => n / 1_000),
  fc.constantFrom(0, -0, 0.1, 0.1 + 0.2, 1e-7, 5e-324, 1e21, 2 ** 53, -(2 ** 48), NaN, Infinity, 78.5),
);
const anyTime = fc.oneof(
  fc.integer({ min: 1_704_067_200_000, max: 1_704_067_260_000 }),
  fc.constantFrom(0, -1, 8.64e15, -8.64e15, 1_704_067_200_000, 1e300, 0.7, 0.1),
  fc.maxSafeInteger(),
);
const anyReading: fc.Arbitrary<Reading> = fc.record(
  {
    asset_id: anyText,
    sensor_id: anyText,
    sensor_type: anyText,
    unit: fc.oneof(fc.constant(""), anyText),
    value: anyValue,
    quality: fc.constantFrom("good", "uncertain", "bad"),
    timestamp: anyTime,
    asset_type: anyText,
  },
  {
    requiredKeys: ["asset_id", "sensor_id", "sensor_type", "unit", "value", "quality", "timestamp"],
    noNullPrototype: true,
  },
);

/** A fleet that reports every second, one decimal place, in the order of its sensors. */
function fleet(sensors: number, seconds: number): Reading[] {
  const readings: Reading[] = [];
  for (let second = 0; second < seconds; second++)
    for (let sensor = 0; sensor < sensors; sensor++) {
      const asset_id = `PUMP-${String(Math.floor(sensor / 6)).padStart(3, "0")}`;
      readings.push({
        asset_id,
        sensor_id: `${asset_id}-S${sensor % 6}`,
        sensor_type: "temperature",
        value: Math.round((60 + sensor + 10 * Math.sin(second + sensor)) * 100) / 100,
        unit: "celsius",
        quality: "good",
        timestamp: 1_704_067_200_000 + second * 1_000,
      });
    }
  return readings;
}

describe("a reading block", () => {
  it("gives back every reading bit for bit, and its received_at", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyReading, anyTime), { maxLength: 60 }),
        fc.boolean(),
        (pairs, timed) => {
          const readings = pairs.map(([reading]) => reading);
          const times = pairs.map(([, at]) => at);
          const decoded = decodeReadingBlock(encodeReadingBlock(readings, timed ? times : undefined));
          expect(decoded.readings).toEqual(readings);
          expect(decoded.received_at).toEqual(timed ? times : undefined);
        },
      ),
    );
  });

  it("can hold nothing, and can lie anywhere in a larger buffer", () => {
    expect(decodeReadingBlock(encodeReadingBlock([]))).toEqual({ readings: [] });
    const block = encodeReadingBlock(fleet(3, 3));
    const larger = new Uint8Array(block.length + 10).fill(255);
    larger.set(block, 5);
    expect(decodeReadingBlock(larger.subarray(5, 5 + block.length)).readings).toEqual(fleet(3, 3));
  });

  it("costs at most 15 bytes a reading where every sensor reports once, and a third of it in a steady stream", () => {
    expect(encodeReadingBlock(fleet(1_000, 1)).length / 1_000).toBeLessThan(15);
    expect(encodeReadingBlock(fleet(18, 100)).length / 1_800).toBeLessThan(5);
  });

  it("refuses received_at of another length and texts beyond all bounds", () => {
    const [reading] = fleet(1, 1) as [Reading];
    expect(() => encodeReadingBlock([reading], [])).toThrow(/one received_at/);
    expect(() => encodeReadingBlock([{ ...reading, unit: "x".repeat(2_000) }])).toThrow(/exceeds 1024/);
  });

  it("answers bytes that are no block with invalid_request, whatever they are", () => {
    const valid = encodeReadingBlock(
      fleet(4, 4),
      fleet(4, 4).map((_, i) => 1_704_067_200_000 + i),
    );
    const damaged = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((tail) => Uint8Array.of(1, ...tail)),
      fc.nat(valid.length - 1).map((length) => valid.slice(0, length)),
      fc
        .array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
        .map((changes) => {
          const bytes = valid.slice();
          for (const [at, byte] of changes) bytes[at] = byte;
          return bytes;
        }),
    );
    fc.assert(
      fc.property(damaged, (bytes) => {
        try {
          expect(decodeReadingBlock(bytes).readings.length).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(isForesightError(error) && error.code).toBe("invalid_request");
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it("does not believe an announced count or length that its bytes cannot hold", () => {
    const huge = Uint8Array.of(1, 255, 255, 255, 255, 255, 255, 127, 0, 0);
    expect(() => decodeReadingBlock(huge)).toThrow(/announced/);
    expect(() => decodeReadingBlock(Uint8Array.of(2, 0, 0))).toThrow(/version 2/);
    expect(() => decodeReadingBlock(new Uint8Array())).toThrow(/version missing/);
    expect(() => decodeReadingBlock(Uint8Array.of(1, 0, 0, 0))).toThrow(/its end/);
  });
});

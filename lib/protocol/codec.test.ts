import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isForesightError } from "../domain/errors.ts";
import { QUALITIES } from "../domain/quality.ts";
import type { Reading } from "../domain/reading.ts";
import {
  decodeBinaryBatch,
  decodeSensorBatch,
  encodeBinaryBatch,
  encodeSensorBatch,
  SensorUpdateEncoder,
  toAlertMessage,
  toAsciiJson,
  toSnapshotMessage,
} from "./codec.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { CLOSE, mayReconnect, type SensorBatch, type SensorUpdate } from "./messages.ts";

const text = fc.oneof(
  fc.constantFrom("°C", "PUMP-001", '"quoted"\\', "naïve\u2028", "<img onerror>"),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
);
const reading: fc.Arbitrary<Reading> = fc.record({
  asset_id: text,
  sensor_id: text,
  sensor_type: text,
  unit: text,
  value: fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value) => (Object.is(value, -0) ? 0 : value)),
  quality: fc.constantFrom(...QUALITIES),
  timestamp: fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2099, 0) }),
});
const received = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2050, 0) });
const many = fc.array(fc.tuple(reading, received), { maxLength: 30 });

describe("The published form", () => {
  it("[R-1.1] says the same as JSON.stringify of the message would", () => {
    const encoder = new SensorUpdateEncoder("acmé");
    fc.assert(
      fc.property(
        reading,
        received,
        fc.option(fc.constant("k3x9f2:0:17"), { nil: undefined }),
        (one, at, cursor) => {
          const { timestamp, ...data } = one;
          const message: SensorUpdate = {
            type: "sensor_update",
            timestamp: new Date(timestamp).toISOString(),
            data,
            tenant_id: "acmé",
            channel: "sensor_data",
            received_at: new Date(at).toISOString(),
            ...(cursor !== undefined && { cursor }),
          };
          expect(JSON.parse(encoder.encode(one, at, cursor))).toEqual(message);
        },
      ),
    );
  });

  it("[R-1.8] is ASCII whatever is in it", () => {
    const encoder = new SensorUpdateEncoder("acme");
    fc.assert(
      fc.property(reading, received, (one, at) => {
        expect(encoder.encode(one, at)).toMatch(/^[\u0020-\u007e]*$/);
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(toAsciiJson(value)).toMatch(/^[\u0020-\u007e]*$/);
        expect(JSON.parse(toAsciiJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("writes a series anew when its unit or quality changes", () => {
    const encoder = new SensorUpdateEncoder("acme");
    const base: Reading = {
      asset_id: "A",
      sensor_id: "S",
      sensor_type: "t",
      unit: "bar",
      value: 1,
      quality: "good",
      timestamp: 0,
    };
    const units = [base, { ...base, unit: "kPa" }, { ...base, quality: "bad" as const }, base].map(
      (one) => (JSON.parse(encoder.encode(one, 0)) as SensorUpdate).data,
    );
    expect(units.map(({ unit, quality }) => `${unit} ${quality}`)).toEqual([
      "bar good",
      "kPa good",
      "bar bad",
      "bar good",
    ]);
  });
});

describe("Batches", () => {
  const header = { tenant_id: "acmé", at: Date.UTC(2024, 0), cursor: "k:0:1" };

  it("[R-1.3] in JSON bring back every reading", () => {
    fc.assert(
      fc.property(many, (pairs) => {
        const readings = pairs.map(([one]) => one);
        const received_at = pairs.map(([, at]) => at);
        const batch = JSON.parse(encodeSensorBatch(header, readings, received_at)) as SensorBatch;
        expect(batch.cursor).toBe("k:0:1");
        expect(decodeSensorBatch(batch)).toEqual({ readings, received_at });
      }),
    );
  });

  it("[R-1.3] in bytes bring back every reading", () => {
    fc.assert(
      fc.property(many, (pairs) => {
        const readings = pairs.map(([one]) => one);
        const received_at = pairs.map(([, at]) => at);
        const batch = decodeBinaryBatch(encodeBinaryBatch(header, readings, received_at));
        expect(batch).toEqual({
          tenant_id: "acmé",
          timestamp: "2024-01-01T00:00:00.000Z",
          cursor: "k:0:1",
          readings,
          received_at,
        });
      }),
    );
  });

  it("whatever the bytes, the decoder throws nothing but its own error", () => {
    const good = encodeBinaryBatch(header, [], []);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(good.length), (noise, keep) => {
        for (const bytes of [noise, new Uint8Array([...good.slice(0, keep), ...noise])])
          try {
            decodeBinaryBatch(bytes);
          } catch (error) {
            expect(isForesightError(error)).toBe(true);
          }
      }),
    );
  });
});

describe("Cursors", () => {
  it("come back as the position that they were made of", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
        fc.dictionary(fc.nat(9_999).map(String), fc.nat(), { minKeys: 1, maxKeys: 5 }),
        (log_id, next) => {
          expect(decodeCursor(encodeCursor({ log_id, next }))).toEqual({ log_id, next });
        },
      ),
    );
  });
});

describe("Other messages", () => {
  it("[R-1.2] an alert that is raised is triggered, and every other change updates it", () => {
    const alert = {
      id: "a",
      tenant_id: "acme",
      asset_id: "PUMP-001",
      rule_id: "r",
      title: "Hot",
      severity: "critical" as const,
      state: "open" as const,
      metric_value: 1,
      raised_at: 0,
      updated_at: 0,
      timestamp: 0,
      occurrences: 1,
      shelved_until: 1_000,
    };
    const event = { tenant_id: "acme", seq: 3, event_id: "e", alert_id: "a", at: 0, by: "ada", alert };
    expect(toAlertMessage({ ...event, kind: "raised" })).toMatchObject({
      type: "alert_triggered",
      data: { shelved_until: "1970-01-01T00:00:01.000Z", seq: 3, by: "ada", event: "raised" },
    });
    expect(toAlertMessage({ ...event, kind: "commented" }).type).toBe("alert_updated");
  });

  it("a snapshot holds only what its channels are about", () => {
    const at = Date.UTC(2024, 0);
    const health = {
      tenant_id: "acme",
      asset_id: "PUMP-001",
      timestamp: at,
      received_at: at,
      score: 50,
      risk_level: "medium" as const,
      evidence: [],
      source_partition: 0,
      source_offset: 0,
    };
    const sensor = {
      sensor_id: "T",
      sensor_type: "temperature",
      unit: "°C",
      latest: { timestamp: at, received_at: at, value: 1, quality: "good" as const },
      readings: 1,
      first_at: at,
    };
    const asset = {
      asset_id: "PUMP-001",
      asset_type: "pump",
      sensors: [sensor],
      health,
      open_alerts: { info: 0, warning: 0, critical: 0 },
      received_at: at,
    };
    const parts = {
      assets: [asset],
      alerts: [],
      positions: {
        sensor_data: { log_id: "l", next: { 0: 5 } },
        health_scores: { log_id: "h", next: { 0: 6 } },
        alerts: { log_id: "a", seq: 7 },
      },
    };
    const only = (channels: ("sensor_data" | "alerts" | "health_scores")[]) =>
      toSnapshotMessage(parts, { tenant_id: "acme", at, channels });
    expect(only(["alerts"])).toMatchObject({ assets: [], cursors: { alerts: "a:0:7" } });
    expect(only(["sensor_data"]).assets[0]).not.toHaveProperty("health");
    expect(only(["health_scores"]).assets[0]).toMatchObject({ sensors: [], health: { score: 50 } });
    expect(only(["health_scores"]).assets[0]!.health).not.toHaveProperty("source_offset");
  });

  it("close codes say whether to come back", () => {
    const back = Object.entries(CLOSE).filter(([, code]) => mayReconnect(code));
    expect(back.map(([name]) => name)).toEqual([
      "NORMAL",
      "SHUTTING_DOWN",
      "SLOW_CONSUMER",
      "HEARTBEAT_LOST",
    ]);
  });
});

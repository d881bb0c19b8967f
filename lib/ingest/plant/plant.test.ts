import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Reading } from "../../domain/reading.ts";
import { plantAssets } from "./machines.ts";
import { createPlant, plantReadings } from "./plant.ts";
import { createRandom } from "./random.ts";
import { writePlant } from "./write-plant.ts";

const START = Date.UTC(2024, 0, 1);
const HOUR = 3_600_000;
const hour = (seed: number, assets = 3) => ({
  assets,
  seed,
  interval_ms: 1_000,
  start: START,
  mode: { kind: "file" as const, duration_ms: HOUR },
});

/** Warning and critical limits of the rules for a generated plant: [asset type, sensor type] → outside is worse. */
const LIMITS: Record<string, { warning: [number, number]; critical: [number, number] }> = {
  "pump temperature": { warning: [-9, 80], critical: [-9, 90] },
  "pump vibration": { warning: [-9, 4.5], critical: [-9, 7.1] },
  "pump pressure": { warning: [4.8, 99], critical: [4, 99] },
  "pump flow": { warning: [170, 999], critical: [140, 999] },
  "pump current": { warning: [-9, 50], critical: [-9, 56] },
  "motor temperature": { warning: [-9, 95], critical: [-9, 110] },
  "motor vibration": { warning: [-9, 4.5], critical: [-9, 7.1] },
  "motor current": { warning: [-9, 72], critical: [-9, 80] },
  "compressor temperature": { warning: [-9, 105], critical: [-9, 115] },
  "compressor pressure": { warning: [6.5, 9.5], critical: [6, 10] },
  "compressor vibration": { warning: [-9, 7.1], critical: [-9, 11] },
  "compressor current": { warning: [-9, 115], critical: [-9, 125] },
};
const breaks = (reading: Reading, severity: "warning" | "critical") => {
  const limits = LIMITS[`${reading.asset_type} ${reading.sensor_type}`]?.[severity];
  return limits !== undefined && (reading.value < limits[0] || reading.value > limits[1]);
};

describe("the generated plant", () => {
  it.each([1, 2, 3, 4])(
    "seed %i: within an hour an asset degrades from about the middle through warning to critical, others stay sound",
    (seed) => {
      const plant = createPlant(hour(seed));
      const [fault] = plant.faults;
      expect(plant.faults).toHaveLength(1);
      expect(fault!.begins_at).toBeGreaterThan(START + 0.4 * HOUR);
      expect(fault!.fails_at).toBeLessThan(START + 0.98 * HOUR);
      const crossed: Record<string, number> = {};
      for (const readings of plant.steps())
        for (const reading of readings) {
          for (const severity of ["warning", "critical"] as const)
            if (breaks(reading, severity)) {
              expect(reading.asset_id, `${reading.sensor_id} ${reading.value}`).toBe(fault!.asset_id);
              expect(fault!.sensors).toContain(reading.sensor_id);
              expect(reading.timestamp).toBeGreaterThan(fault!.begins_at);
              crossed[severity] ??= reading.timestamp;
            }
          if (reading.asset_id === fault!.asset_id)
            expect(reading.timestamp).toBeLessThanOrEqual(fault!.fails_at);
        }
      expect(crossed.warning).toBeLessThan(crossed.critical!);
      expect(crossed.critical).toBeLessThan(fault!.fails_at);
    },
  );

  it("sound machines stay inside the warning limits through days, regimes and noise", () => {
    const plant = createPlant({
      ...hour(11, 9),
      interval_ms: 60_000,
      mode: { kind: "file", duration_ms: 96 * HOUR },
    });
    const failing = new Set(plant.faults.map((fault) => fault.asset_id));
    expect(failing.size).toBe(3);
    const alarms: string[] = [];
    for (const readings of plant.steps())
      for (const reading of readings)
        if (!failing.has(reading.asset_id) && breaks(reading, "warning"))
          alarms.push(`${reading.sensor_id} ${reading.value}`);
    expect(alarms).toEqual([]);
  });

  it("every kind of fault crosses the critical limit before the asset fails", () => {
    for (const { model } of plantAssets(3))
      for (const fault of model.faults) {
        const worst = model.sensors.some((sensor) => {
          const value = sensor.nominal + (fault.effects[sensor.suffix] ?? 0) * 0.85;
          const reading = { asset_type: model.asset_type, sensor_type: sensor.sensor_type, value };
          return breaks(reading as Reading, "critical");
        });
        expect(worst, `${model.asset_type} ${fault.kind}`).toBe(true);
      }
  });

  it("holds missing values and stretches of doubtful and bad quality, told in the truth", () => {
    const plant = createPlant({ ...hour(5), mode: { kind: "file", duration_ms: 6 * HOUR } });
    const seen = new Map<string, number>();
    let readings = 0;
    for (const step of plant.steps())
      for (const reading of step) {
        readings += 1;
        seen.set(reading.quality, (seen.get(reading.quality) ?? 0) + 1);
      }
    expect(readings).toBeLessThan(6 * 3600 * 16);
    expect(readings).toBeGreaterThan(6 * 3600 * 14);
    expect(seen.get("bad")).toBeGreaterThan(20);
    expect(seen.get("uncertain")).toBeGreaterThan(20);
    expect(new Set(plant.stretches.map((stretch) => stretch.kind))).toEqual(
      new Set(["bad", "uncertain", "missing"]),
    );
  });

  it("runs every asset to its failure, with lives of different length, where asked", () => {
    const plant = createPlant({
      ...hour(3, 9),
      interval_ms: 10_000,
      mode: { kind: "run_to_failure", duration_ms: 10 * HOUR },
    });
    const last = new Map<string, number>();
    for (const step of plant.steps())
      for (const reading of step) last.set(reading.asset_id, reading.timestamp);
    expect(plant.faults).toHaveLength(9);
    expect(new Set(last.values()).size).toBe(9);
    for (const fault of plant.faults) expect(last.get(fault.asset_id)).toBe(fault.fails_at);
  });

  it("an endless plant shows a critical asset within ten minutes, then repairs it and goes on", () => {
    const first = new Map<string, number>();
    let restarted = false;
    for (const readings of plantReadings({ ...hour(1), mode: { kind: "endless" } })) {
      const at = readings[0]?.timestamp ?? START;
      if (at > START + HOUR) break;
      for (const reading of readings)
        if (breaks(reading, "critical") && !first.has(reading.asset_id)) first.set(reading.asset_id, at);
      const failed = first.get("PUMP-001");
      if (failed !== undefined && at > failed + 180_000)
        restarted ||= readings.some((one) => one.asset_id === "PUMP-001" && !breaks(one, "warning"));
    }
    expect(first.get("PUMP-001")).toBeLessThan(START + 10 * 60_000);
    expect(restarted).toBe(true);
  });

  it("the same seed gives the same numbers, another one others", () => {
    const draw = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 5 }, () => [random.uniform(), random.normal()]);
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const random = createRandom(9);
    const normals = Array.from({ length: 20_000 }, () => random.normal());
    const mean = normals.reduce((sum, value) => sum + value, 0) / normals.length;
    const variance = normals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normals.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });
});

describe("writing a plant", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "plant-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const options = (seed: number) => ({
    assets: 4,
    seed,
    interval_ms: 2_000,
    start: START,
    mode: { kind: "file" as const, duration_ms: HOUR / 2 },
  });
  const digest = async (path: string) =>
    createHash("sha256")
      .update(await readFile(path))
      .digest("hex");

  it("gives the same bytes for the same seed, CSV and truth, and creates the directories", async () => {
    const a = await writePlant(join(directory, "a/deep/r.csv"), options(7));
    const b = await writePlant(join(directory, "b.csv"), options(7));
    const c = await writePlant(join(directory, "c.csv"), options(8));
    expect(await digest(a.path)).toBe(await digest(b.path));
    expect(await digest(a.truth_path)).toBe(await digest(b.truth_path));
    expect(await digest(a.path)).not.toBe(await digest(c.path));
    const truth = JSON.parse(await readFile(a.truth_path, "utf8"));
    expect(truth).toMatchObject({
      seed: 7,
      parameters: { assets: 4, interval_ms: 2000, start: "2024-01-01T00:00:00.000Z" },
      rows: a.rows,
    });
    expect(truth.faults).toHaveLength(2);
    expect(await readdir(join(directory, "a/deep"))).toEqual(["r.csv", "r.truth.json"]);
  });

  it("leaves no half file behind when it is interrupted", async () => {
    const abort = new AbortController();
    const long = { ...options(7), mode: { kind: "file" as const, duration_ms: 50 * HOUR } };
    await expect(
      writePlant(join(directory, "a.csv"), long, () => abort.abort(), abort.signal),
    ).rejects.toThrow();
    expect(await readdir(directory)).toEqual([]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { baselineHealthModel as model } from "./baseline-health-model.ts";
import type { HealthFrame, HealthJudgement } from "./health-model.ts";

/** Mulberry32 with Box–Muller: the same seed, the same noise. */
function noise(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform() || 1e-9)) * Math.cos(2 * Math.PI * uniform());
}

const NOMINAL = [65, 2.3, 6, 210, 1480, 42];
const SPREAD = [0.4, 0.12, 0.05, 1.2, 1.2, 0.3];

interface Life {
  seed?: number;
  frames: number;
  /** What is added at a frame, in standard deviations by sensor. */
  shift?: (frame: number) => number[];
  drivers?: (frame: number) => { altitude: number; level: number };
  omit?: (frame: number, sensor: number) => boolean;
}

function* life({ seed = 1, frames, shift, drivers, omit }: Life): Generator<HealthFrame> {
  const gauss = noise(seed);
  for (let frame = 0; frame < frames; frame++) {
    const moved = shift?.(frame) ?? [];
    const regime = drivers?.(frame);
    const values = NOMINAL.map((level, sensor) => ({
      sensor_id: `S${sensor}`,
      sensor_type: `type-${sensor}`,
      unit: "x",
      value: level + SPREAD[sensor]! * (gauss() + (moved[sensor] ?? 0) + 100 * (regime?.level ?? 0)),
    })).filter((_, sensor) => !omit?.(frame, sensor));
    if (regime !== undefined)
      values.push({ sensor_id: "ALT", sensor_type: "altitude", unit: "kft", value: regime.altitude });
    yield { timestamp: frame * 60_000, values };
  }
}

function judge(frames: Iterable<HealthFrame>): HealthJudgement[] {
  const state = model.initial("pump");
  return [...frames].map((frame) => model.step(state, frame));
}

const lowest = (judgements: HealthJudgement[]) => Math.min(...judgements.map(({ score }) => score ?? 100));
const mean = (judgements: HealthJudgement[]) =>
  judgements.reduce((sum, { score }) => sum + score!, 0) / judgements.length;

describe("health against an asset's own early life", () => {
  it("[R-8.12] is withheld with its reason until enough has been seen", () => {
    const judgements = judge(life({ frames: 25 }));
    expect(judgements[0]).toEqual({
      score: null,
      reason: "insufficient data: 1 of 20 time steps",
      evidence: [],
    });
    expect(judgements[24]?.score).toBeGreaterThan(90);
  });

  it("[R-8.13] stays near 100 while the asset is as it was", () => {
    const judgements = judge(life({ frames: 1_000 })).slice(40);
    expect(mean(judgements)).toBeGreaterThan(96);
    expect(lowest(judgements)).toBeGreaterThan(75);
  });

  it("[R-8.13] falls below 25 with creeping damage, and the sensors that show it are the evidence", () => {
    const judgements = judge(
      life({
        frames: 300,
        drivers: () => ({ altitude: 0, level: 0 }),
        shift: (frame) => [0, Math.max(0, frame - 100) / 15, 0, 0, Math.max(0, frame - 100) / 30],
      }),
    );
    expect(judgements[99]!.score).toBeGreaterThan(90);
    const end = judgements.at(-1)!;
    expect(end.score).toBeLessThan(25);
    expect(end.evidence.slice(0, 2).map(({ sensor_id }) => sensor_id)).toEqual(["S1", "S4"]);
  });

  it("[R-8.14] the points of evidence sum to what the score lacks to 100", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 12, noNaN: true }),
        (seed, size) => {
          for (const { score, evidence } of judge(
            life({ seed, frames: 80, shift: (frame) => (frame > 50 ? [size, 0, size / 2] : []) }),
          )) {
            if (score === null) continue;
            const sum = evidence.reduce((total, { points }) => total + points, 0);
            expect(sum).toBeCloseTo(100 - score, 6);
            expect(evidence.every(({ points }) => points > 0)).toBe(true);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it("[R-8.15] one wild reading does not tell of damage", () => {
    const judgements = judge(life({ frames: 200, shift: (frame) => (frame === 150 ? [1e6] : []) }));
    expect(lowest(judgements)).toBeGreaterThan(60);
    expect(judgements.at(-1)!.score).toBeGreaterThan(90);
  });

  it("[R-8.15] a sensor that never moved may take its next step without alarm", () => {
    const frames = [...life({ frames: 120 })].map((frame, at) => ({
      ...frame,
      values: [
        ...frame.values,
        { sensor_id: "S9", sensor_type: "pressure", unit: "psia", value: at < 60 ? 21.61 : 21.6 },
      ],
    }));
    expect(lowest(judge(frames).slice(60))).toBeGreaterThan(80);
  });

  it("[R-8.16] a change of load that moves most sensors at once is no damage, nor is the way back", () => {
    const load = [-8, -1.2, -4, -11, 4, -10];
    const judgements = judge(
      life({ frames: 600, shift: (frame) => (frame >= 200 && frame < 400 ? load : []) }),
    );
    expect(mean(judgements.slice(230, 400))).toBeGreaterThan(80);
    expect(mean(judgements.slice(430))).toBeGreaterThan(90);
  });

  it("[R-8.16] what moves few sensors at once is damage", () => {
    const judgements = judge(life({ frames: 300, shift: (frame) => (frame >= 200 ? [0, 12] : []) }));
    expect(judgements.at(-1)!.score).toBeLessThan(25);
  });

  it("[R-8.20] where operating settings are not measured, a load not seen before is no damage", () => {
    const load = [4, 1, -3, 9, -3, 6];
    for (const seed of [1, 2, 3])
      expect(
        lowest(judge(life({ seed, frames: 900, shift: (frame) => (frame % 300 >= 200 ? load : []) }))),
      ).toBeGreaterThan(70);
  });

  it("[R-8.20] a load that came back by itself is known from then on", () => {
    const load = [8, 2, -6, 18, -6, 12];
    const judgements = judge(life({ frames: 2_000, shift: (frame) => (frame % 200 >= 100 ? load : []) }));
    expect(mean(judgements.slice(100, 200))).toBeLessThan(mean(judgements.slice(1_900)));
    expect(lowest(judgements.slice(400))).toBeGreaterThan(85);
  });

  it("[R-8.21] damage that begins in the first minutes is not learned", () => {
    const judgements = judge(
      life({
        frames: 330,
        shift: (frame) => [0, 0, -Math.max(0, frame - 60) / 4.5, -Math.max(0, frame - 60) / 3.5],
      }),
    );
    expect(judgements[60]!.score).toBeGreaterThan(95);
    expect(judgements.at(-1)!.score).toBeLessThan(40);
    expect(
      judgements
        .at(-1)!
        .evidence.map(({ sensor_id }) => sensor_id)
        .slice(0, 2)
        .sort(),
    ).toEqual(["S2", "S3"]);
  });

  it("[R-8.22] after a standstill the score is withheld for ten time steps and then begins anew", () => {
    const broken = [...life({ frames: 300, shift: (frame) => (frame >= 150 ? [0, 40, 0, 0, 0, 20] : []) })];
    const repaired = [...life({ seed: 2, frames: 40 })].map((frame) => ({
      ...frame,
      timestamp: frame.timestamp + 400 * 60_000,
    }));
    const judgements = judge([...broken, ...repaired]);
    expect(judgements[299]!.score).toBeLessThan(25);
    expect(judgements[300]).toEqual({
      score: null,
      reason: "insufficient data: 1 of 10 time steps since it stood still",
      evidence: [],
    });
    expect(judgements[308]!.score).toBeNull();
    expect(lowest(judgements.slice(309))).toBeGreaterThan(90);
  });

  it("[R-8.17] with altitude, Mach or throttle each operating regime has means of its own", () => {
    const drivers = (frame: number) => {
      const regime = (frame * 7 + Math.floor(frame / 3)) % 6;
      return { altitude: regime * 7, level: regime };
    };
    const healthy = judge(life({ frames: 400, drivers })).slice(80);
    expect(mean(healthy)).toBeGreaterThan(92);
    const damaged = judge(
      life({
        frames: 300,
        drivers,
        shift: (frame) => [0, Math.max(0, frame - 150) / 15, 0, Math.max(0, frame - 150) / 20],
      }),
    );
    expect(damaged[149]!.score).toBeGreaterThan(80);
    expect(damaged.at(-1)!.score).toBeLessThan(25);
  });

  it("[R-8.17] drivers that take no few values are sensors like others", () => {
    const drivers = (frame: number) => ({ altitude: frame * 3, level: 0 });
    expect(judge(life({ frames: 120, drivers })).at(-1)!.score).not.toBeNull();
  });

  it("[R-8.18] slow and failing sensors are tolerated", () => {
    const omit = (frame: number, sensor: number) =>
      (sensor === 0 && frame % 10 !== 0) || (sensor === 1 && frame > 300);
    const judgements = judge(life({ frames: 900, omit }));
    expect(mean(judgements.slice(60))).toBeGreaterThan(90);
  });

  it("[R-8.19] goes on exactly after being saved and loaded anywhere", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.array(fc.integer({ min: 0, max: 259 }), { maxLength: 12 }),
        (seed, cuts) => {
          const load = (frame: number) => (frame >= 120 && frame < 190 ? [-8, -1, -4, -41, 4, -10] : []);
          const frames = [
            ...life({ seed, frames: 260, shift: load, omit: (frame, sensor) => (frame + sensor) % 17 === 0 }),
          ];
          let state = model.initial("pump");
          const restarted = frames.map((frame, at) => {
            if (cuts.includes(at)) state = model.decode(model.encode(state));
            return model.step(state, frame);
          });
          expect(restarted).toEqual(judge(frames));
        },
      ),
      { numRuns: 25 },
    );
  });

  it("refuses a saved state that is cut short or of another version", () => {
    const bytes = model.encode(model.initial("pump"));
    expect(() => model.decode(bytes.subarray(0, bytes.length - 1))).toThrow(/ends too early/);
    expect(() => model.decode(Uint8Array.of(99, ...bytes))).toThrow(/version/);
  });
});

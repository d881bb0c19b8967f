/** A fleet that wears, for the tests of this room: small, quick and the same for the same seed. */
import type { ModelSensor } from "./life/life-parameters.ts";
import type { TrainingOptions } from "./training/train-life.ts";
import type { TrainingRun, TrainingSet } from "./training/training-run.ts";

export function createNoise(seed: number): { uniform(): number; gauss(): number } {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const gauss = () => Math.sqrt(-2 * Math.log(uniform() || 1e-9)) * Math.cos(2 * Math.PI * uniform());
  return { uniform, gauss };
}

const MINUTE = 60_000;
export const START = Date.UTC(2024, 0, 1);
const NOMINAL = [520, 47, 2388, 14, 8.4];
const EFFECT = [2.5, 0.5, 1.2, -0.15, 0.08];
const SPREAD = [0.5, 0.1, 0.3, 0.03, 0.02];
/** Altitude, Mach number and throttle of six regimes, and what they do to each sensor's level. */
const REGIMES = [
  [0, 0, 100, 1],
  [10, 0.25, 100, 0.9],
  [20, 0.7, 100, 0.8],
  [25, 0.62, 60, 0.6],
  [35, 0.84, 100, 1.1],
  [42, 0.84, 100, 0.7],
] as const;

export const SENSORS: ModelSensor[] = [
  { key: "ALT", sensor_type: "altitude", unit: "kft" },
  { key: "MACH", sensor_type: "mach", unit: "ratio" },
  { key: "TRA", sensor_type: "throttle", unit: "deg" },
  { key: "T50", sensor_type: "temperature", unit: "rankine" },
  { key: "Ps30", sensor_type: "pressure", unit: "psia" },
  { key: "Nf", sensor_type: "rotational_speed", unit: "rpm" },
  { key: "P15", sensor_type: "bypass_pressure", unit: "psia" },
  { key: "BPR", sensor_type: "ratio", unit: "ratio" },
];

/**
 * Assets with lives of 60 to 160 cycles, wearing faster and faster.
 * @param options `apart`: the wear of each shows in one sensor alone, of the first in the first, and so on
 */
export function wearingFleet(
  assets: number,
  { seed = 1, regimes = 1, apart = false }: { seed?: number; regimes?: number; apart?: boolean } = {},
): TrainingSet {
  const { uniform, gauss } = createNoise(seed);
  const runs = Array.from({ length: assets }, (_, i): TrainingRun => {
    const life = Math.round(60 + 100 * uniform());
    const onset = life * (0.2 + 0.2 * uniform());
    const effect = EFFECT.map((size, s) => (apart ? (s === i % EFFECT.length ? 2 * size : 0) : size));
    const own = NOMINAL.map((_, s) => 0.4 * SPREAD[s]! * gauss());
    const frames = Array.from({ length: life }, (_, k) => {
      const wear = k < onset ? 0 : ((k - onset) / (life - onset)) ** 2;
      const [altitude, mach, throttle, level] = REGIMES[Math.floor(uniform() * regimes)]!;
      const values = Float64Array.of(
        altitude + 0.002 * gauss(),
        mach + 0.0002 * gauss(),
        throttle,
        ...NOMINAL.map(
          (nominal, s) => nominal * level + own[s]! + effect[s]! * wear + 0.5 * SPREAD[s]! * gauss(),
        ),
      );
      return { timestamp: START + k * MINUTE, values };
    });
    return {
      asset_id: `ENGINE-${String(i + 1).padStart(3, "0")}`,
      asset_type: "engine",
      frames,
      failed_at: START + (life - 1) * MINUTE,
    };
  });
  return { sensors: SENSORS, runs };
}

export const TRAINING: TrainingOptions = {
  unit: "cycles",
  step_ms: null,
  cap: 80,
  folds: 3,
  seed: 1,
};

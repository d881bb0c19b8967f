import type { Reading } from "../../domain/reading.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Condition } from "./life-plan.ts";
import { faultGrowth, type PlantAsset, type SensorModel } from "./machines.ts";
import type { Random } from "./random.ts";
import { createStretches, type Stretch } from "./stretches.ts";

const DAY_MS = 86_400_000;
/** Operating regimes: relative load, and how long one is kept. */
const LOADS = [0.93, 1, 1.04] as const;
const DWELL_MS: [number, number] = [4 * 60_000, 15 * 60_000];
/** A change of regime takes about this long (first-order lag). */
const LOAD_LAG_MS = 20_000;
/** Single readings that never arrive. */
const DROPOUT = 0.002;
/** Noise forgets itself over about this long. */
const NOISE_LAG_MS = 5_000;

interface SensorState {
  model: SensorModel;
  sensor_id: string;
  noise: number;
  shown: number;
  stretch: (at: EpochMs) => Stretch | undefined;
}

/** One machine, stepped through time; each step gives the readings that reach us. */
export interface MachineSimulation {
  step(at: EpochMs, condition: Condition): Reading[];
}

export function simulateMachine(
  asset: PlantAsset,
  random: Random,
  start: EpochMs,
  interval_ms: number,
  onStretch: (sensor_id: string, stretch: Stretch) => void = () => {},
): MachineSimulation {
  const { asset_id, model } = asset;
  const regimes = random.fork("regimes");
  const noise = random.fork("noise");
  const dropouts = random.fork("dropouts");
  const phase = random.between(-0.03, 0.03);
  const remember = Math.exp(-interval_ms / NOISE_LAG_MS);
  const innovation = Math.sqrt(1 - remember * remember);
  const follow = 1 - Math.exp(-interval_ms / LOAD_LAG_MS);
  let target: number = LOADS[Math.floor(regimes.uniform() * LOADS.length)]!;
  let load = target;
  let regimeEnds = start + regimes.between(...DWELL_MS);
  const sensors: SensorState[] = model.sensors.map((sensor) => {
    const sensor_id = `${asset_id}-${sensor.suffix}`;
    const stretch = createStretches(random.fork(`stretches of ${sensor_id}`), start, (begun) =>
      onStretch(sensor_id, begun),
    );
    return { model: sensor, sensor_id, noise: noise.normal(), shown: sensor.nominal, stretch };
  });

  return {
    step(at, condition) {
      if (at >= regimeEnds) {
        target = LOADS[Math.floor(regimes.uniform() * LOADS.length)]!;
        regimeEnds = at + regimes.between(...DWELL_MS);
      }
      load += (target - load) * follow;
      const day = Math.sin(2 * Math.PI * ((at % DAY_MS) / DAY_MS - 0.375 + phase));
      const readings: Reading[] = [];
      for (const sensor of sensors) {
        sensor.noise = remember * sensor.noise + innovation * clamp(noise.normal(), 4);
        const lost = dropouts.uniform() < DROPOUT;
        const stretch = sensor.stretch(at);
        if (!condition.running || lost || stretch?.kind === "missing") continue;
        // A bad sensor shows what it showed last; a doubtful one shows twice the noise.
        if (stretch?.kind !== "bad")
          sensor.shown = show(
            sensor,
            trueValue(sensor.model, load, day, condition, at),
            stretch === undefined ? 1 : 2,
          );
        readings.push({
          asset_id,
          sensor_id: sensor.sensor_id,
          sensor_type: sensor.model.sensor_type,
          value: sensor.shown,
          unit: sensor.model.unit,
          quality: stretch === undefined ? "good" : (stretch.kind as Reading["quality"]),
          timestamp: at,
          asset_type: model.asset_type,
        });
      }
      return readings;
    },
  };
}

function trueValue(
  sensor: SensorModel,
  load: number,
  day: number,
  condition: Condition,
  at: EpochMs,
): number {
  let value = sensor.nominal + sensor.load * (load - 1) + sensor.ambient * day + sensor.wear * condition.wear;
  if (condition.fault !== undefined) {
    const { fault, begins_at, fails_at } = condition.fault;
    const effect = fault.effects[sensor.suffix];
    if (effect !== undefined) value += effect * faultGrowth(fault, (at - begins_at) / (fails_at - begins_at));
  }
  return value;
}

function show(sensor: SensorState, value: number, factor: number): number {
  const { noise, digits, least } = sensor.model;
  const scale = 10 ** digits;
  const noisy = value + clamp(sensor.noise * factor, 6) * noise;
  return Math.max(least, Math.round(noisy * scale) / scale);
}

function clamp(value: number, bound: number): number {
  return Math.max(-bound, Math.min(bound, value));
}

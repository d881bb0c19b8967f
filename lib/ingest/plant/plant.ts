import type { Reading } from "../../domain/reading.ts";
import type { EpochMs } from "../../domain/time.ts";
import { type EndlessPace, planEndless, planFile, planRunToFailure } from "./life-plan.ts";
import { simulateMachine } from "./machine-simulation.ts";
import { type PlantAsset, plantAssets } from "./machines.ts";
import { createRandom } from "./random.ts";
import type { Stretch } from "./stretches.ts";

export interface PlantOptions {
  assets: number;
  interval_ms: number;
  seed: number;
  start: EpochMs;
  /**
   * `file`: one in three assets fails in the second half. `run_to_failure`: each asset until its failure, within
   * the duration. `endless`: assets fail, are repaired and start again.
   */
  mode:
    | { kind: "file"; duration_ms: number }
    | { kind: "run_to_failure"; duration_ms: number }
    | { kind: "endless"; pace?: EndlessPace };
}

/** A fault as the truth file tells it. */
export interface TruthFault {
  asset_id: string;
  asset_type: string;
  kind: string;
  begins_at: EpochMs;
  fails_at: EpochMs;
  sensors: string[];
}

export interface TruthStretch extends Stretch {
  sensor_id: string;
}

export interface Plant {
  assets: PlantAsset[];
  /** Known beforehand, except where the plant is endless. */
  faults: TruthFault[];
  /** Grows while the steps are taken. */
  stretches: TruthStretch[];
  /** One time step after another: the readings of all assets at that time (some may be missing). */
  steps(): Generator<Reading[]>;
}

/** A generated plant; the same options give the same readings. */
export function createPlant(options: PlantOptions): Plant {
  const { interval_ms, start, mode } = options;
  const random = createRandom(options.seed);
  const assets = plantAssets(options.assets);
  const stretches: TruthStretch[] = [];
  const endless = mode.kind === "endless";
  const planned =
    mode.kind === "endless"
      ? planEndless(assets, random, start, mode.pace).map((plan) => ({ plan, planted: [] }))
      : mode.kind === "file"
        ? planFile(assets, random, start, mode.duration_ms)
        : planRunToFailure(assets, random, start, mode.duration_ms, interval_ms);
  const faults = planned.flatMap(({ planted }, index) =>
    planted.map(({ fault, begins_at, fails_at }): TruthFault => {
      const { asset_id, model } = assets[index]!;
      return {
        asset_id,
        asset_type: model.asset_type,
        kind: fault.kind,
        begins_at,
        fails_at,
        sensors: Object.keys(fault.effects).map((suffix) => `${asset_id}-${suffix}`),
      };
    }),
  );
  const end = mode.kind === "endless" ? Number.POSITIVE_INFINITY : start + mode.duration_ms;

  return {
    assets,
    faults,
    stretches,
    *steps() {
      const machines = assets.map((asset) =>
        simulateMachine(
          asset,
          random.fork(`machine ${asset.asset_id}`),
          start,
          interval_ms,
          endless ? undefined : (sensor_id, stretch) => stretches.push({ sensor_id, ...stretch }),
        ),
      );
      for (let at = start; at < end; at += interval_ms)
        yield machines.flatMap((machine, index) => machine.step(at, planned[index]!.plan(at)));
    },
  };
}

/** The readings of a plant, one time step a value. */
export function plantReadings(options: PlantOptions): Generator<Reading[]> {
  return createPlant(options).steps();
}

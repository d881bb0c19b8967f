import type { LifeModel } from "../life/life-model.ts";
import { lifeLeft } from "./fit-head.ts";
import type { TrainingRun } from "./training-run.ts";

/** A prediction with its interval, for an asset that was not trained on, and what came true (at most the cap). */
export interface HeldOut {
  asset_id: string;
  /** Share of its life after which it was first seen. */
  start: number;
  /** How far it was judged as one that has been seen from its beginning, 0 to 1. */
  born: number;
  predicted: number;
  low: number;
  high: number;
  actual: number;
  /** Life that was really left, beyond the cap too, and steps since it was first seen. */
  life: number;
  age: number;
}

/**
 * What a model tells of runs that it was not fitted to, by the live code.
 * @param starts shares of its life from which on each run is seen
 * @param seen what of a frame's values the model gets to see
 */
export function judgeRuns(
  model: LifeModel,
  runs: readonly TrainingRun[],
  starts: readonly number[],
  seen = (values: Float64Array) => values,
): HeldOut[] {
  const { cap, step_ms } = model.parameters;
  const rows: HeldOut[] = [];
  for (const run of runs)
    for (const start of starts) {
      const state = model.initial();
      let age = 0;
      for (let at = Math.floor(start * run.frames.length); at < run.frames.length; at++) {
        const { timestamp, values } = run.frames[at]!;
        const told = model.take(state, timestamp, seen(values));
        if (told.rul === null || state.age === age) continue;
        age = state.age;
        const life = lifeLeft(run, timestamp, step_ms);
        const { asset_id } = run;
        rows.push({
          ...{ asset_id, start, life, age },
          ...{ born: told.born, predicted: told.rul, low: told.low, high: told.high },
          actual: Math.min(cap, life),
        });
      }
    }
  return rows;
}

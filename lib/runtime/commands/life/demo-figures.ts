import { riskLevelOfLife } from "../../../domain/health.ts";
import type { InstalledModel } from "../../../health/life/installed-model.ts";
import { type PlantedFault, planEndless } from "../../../ingest/plant/life-plan.ts";
import { plantAssets } from "../../../ingest/plant/machines.ts";
import { createPlant } from "../../../ingest/plant/plant.ts";
import { createRandom } from "../../../ingest/plant/random.ts";
import { ReadingScorer, type Scored } from "./score-readings.ts";

const INTERVAL_MS = 1_000;
const ASSETS = 9;
const HOUR_MS = 3_600_000;

/** How a model judges what the demo streams. Sound scores are those while the asset has no fault. */
export interface DemoFigures {
  sound: number;
  /** Of the sound ones, those whose remaining life is no low risk. */
  above_low: number;
  all: number;
  withheld: number;
  /** Faults that led to a failure; those of which the life fell to 50 and 20 time steps before it. */
  faults: number;
  seen_50: number;
  seen_20: number;
  /** Lives of at most 50 time steps told of an asset with a fault; those that a sensor of the fault takes most of. */
  short: number;
  named: number;
  /** From the fault's beginning to the failure, in time steps, lives capped alike. */
  rmse: number;
  coverage: number;
}

/** Streams the demo's plant of other seeds through the live code, and compares with what was planted. */
export function demoFigures(
  asset_type: string,
  installed: InstalledModel,
  { seeds, seconds, start }: { seeds: readonly number[]; seconds: number; start: number },
): DemoFigures {
  const figures = {
    sound: 0,
    above_low: 0,
    all: 0,
    withheld: 0,
    faults: 0,
    seen_50: 0,
    seen_20: 0,
    short: 0,
    named: 0,
  };
  const { cap } = installed.model.parameters;
  const step_ms = installed.unit_per_step * HOUR_MS;
  let squares = 0;
  let inside = 0;
  let judged = 0;
  for (const seed of seeds) {
    const assets = plantAssets(ASSETS);
    const plans = planEndless(assets, createRandom(seed), start);
    const plant = createPlant({
      assets: ASSETS,
      interval_ms: INTERVAL_MS,
      seed,
      start,
      mode: { kind: "endless" },
    });
    /** Of each asset with a fault: when it fails, and the least life told since it began. */
    const faults = new Map<string, { fails_at: number; least: number }>();
    const fault_at = new Map<string, PlantedFault | undefined>();
    const ended = (asset_id: string) => {
      const fault = faults.get(asset_id);
      if (fault === undefined) return;
      faults.delete(asset_id);
      figures.faults++;
      if (fault.least <= 50) figures.seen_50++;
      if (fault.least <= 20) figures.seen_20++;
    };
    const take = ({ asset_id, timestamp, rul, rul_low, rul_high, rul_evidence }: Scored) => {
      const second = Math.round(timestamp / INTERVAL_MS);
      const planted = fault_at.get(`${asset_id} ${second}`);
      figures.all++;
      if (rul == null) {
        figures.withheld++;
        return;
      }
      const steps = (rul * HOUR_MS) / step_ms;
      if (planted === undefined) {
        figures.sound++;
        if (riskLevelOfLife(steps) !== "low") figures.above_low++;
        return;
      }
      const { fails_at } = planted;
      if (steps <= 50) {
        figures.short++;
        const worst = rul_evidence![0]?.sensor_id.slice(asset_id.length + 1) ?? "";
        if (worst in planted.fault.effects) figures.named++;
      }
      const fault = faults.get(asset_id) ?? { fails_at, least: cap };
      fault.least = Math.min(fault.least, steps);
      faults.set(asset_id, fault);
      const left = Math.min(cap, (fails_at - timestamp) / step_ms);
      squares += (steps - left) ** 2;
      judged++;
      const [low, high] = [rul_low!, rul_high!].map((end) => (end * HOUR_MS) / step_ms) as [number, number];
      if (left >= low - 0.5 && left <= high + 0.5) inside++;
    };
    const scorer = new ReadingScorer(installed, { score: take });
    let at = start;
    for (const readings of plant.steps()) {
      if (at >= start + seconds * INTERVAL_MS) break;
      for (const [i, { asset_id, model }] of assets.entries()) {
        if (model.asset_type !== asset_type) continue;
        const { running, fault } = plans[i]!(at);
        if (!running) ended(asset_id);
        fault_at.set(`${asset_id} ${Math.round(at / INTERVAL_MS)}`, fault);
      }
      for (const reading of readings) if (reading.asset_type === asset_type) scorer.take(reading);
      at += INTERVAL_MS;
    }
  }
  return { ...figures, rmse: Math.sqrt(squares / judged), coverage: inside / judged };
}

import type { Reading } from "../../domain/reading.ts";
import type { EpochMs } from "../../domain/time.ts";
import { createPlant } from "./plant.ts";

const INTERVAL_MS = 1_000;
const DAY_MS = 86_400_000;
/** An asset that sends nothing for so long stands still: it has failed. */
const STANDSTILL_MS = 20_000;

/** A life of an asset, from new or repaired to its failure: what it sent, time step by time step. */
export interface DemoLife {
  /** Unique among all lives. */
  asset_id: string;
  steps: { timestamp: EpochMs; readings: Reading[] }[];
}

/**
 * Whole lives of the assets of one type, as the demo streams them: one reading a sensor and second, at the demo's pace,
 * each seed's plant at another time of day. What the end cuts off is left out.
 */
export function demoLives(
  asset_type: string,
  {
    seeds,
    assets,
    duration_ms,
    start,
  }: { seeds: readonly number[]; assets: number; duration_ms: number; start: EpochMs },
): DemoLife[] {
  const lives: DemoLife[] = [];
  for (const [turn, seed] of seeds.entries()) {
    const begin = start + Math.floor((turn * DAY_MS) / seeds.length / INTERVAL_MS) * INTERVAL_MS;
    const plant = createPlant({
      assets,
      interval_ms: INTERVAL_MS,
      seed,
      start: begin,
      mode: { kind: "endless" },
    });
    const own = plant.assets.filter(({ model }) => model.asset_type === asset_type);
    const open = new Map<string, DemoLife>();
    let at = begin;
    for (const readings of plant.steps()) {
      if (at >= begin + duration_ms) break;
      for (const { asset_id } of own) {
        const sent = readings.filter((reading) => reading.asset_id === asset_id);
        const life = open.get(asset_id);
        if (sent.length === 0) {
          if (life === undefined || at - life.steps.at(-1)!.timestamp < STANDSTILL_MS) continue;
          lives.push(life);
          open.delete(asset_id);
        } else if (life === undefined)
          open.set(asset_id, {
            asset_id: `${asset_id}/${seed}/${begin === at ? 0 : at}`,
            steps: [{ timestamp: at, readings: sent }],
          });
        else life.steps.push({ timestamp: at, readings: sent });
      }
      at += INTERVAL_MS;
    }
  }
  return lives;
}

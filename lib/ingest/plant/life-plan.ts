import type { EpochMs } from "../../domain/time.ts";
import type { FaultModel, PlantAsset } from "./machines.ts";
import type { Random } from "./random.ts";

/** A fault planted into one asset. */
export interface PlantedFault {
  fault: FaultModel;
  begins_at: EpochMs;
  fails_at: EpochMs;
}

/** How an asset stands at one moment. */
export interface Condition {
  /** False: it stands still and sends nothing. */
  running: boolean;
  /** Ordinary wear, 0 new to 1. */
  wear: number;
  fault?: PlantedFault;
}

export type LifePlan = (at: EpochMs) => Condition;

export interface FilePlan {
  plan: LifePlan;
  planted: PlantedFault[];
}

/** One in three assets, at least one, has a fault from about the middle on; after its failure it stands still. */
export function planFile(
  assets: PlantAsset[],
  random: Random,
  start: EpochMs,
  duration_ms: number,
): FilePlan[] {
  const failing = new Set(pick(assets.length, Math.ceil(assets.length / 3), random.fork("which fail")));
  return assets.map((asset, index) => {
    const own = random.fork(`life of ${asset.asset_id}`);
    const wear0 = own.between(0, 0.4);
    const wear = (at: EpochMs) => wear0 + (0.3 * (at - start)) / duration_ms;
    if (!failing.has(index)) return { planted: [], plan: (at) => ({ running: true, wear: wear(at) }) };
    const planted: PlantedFault = {
      fault: faultFor(asset, own),
      begins_at: Math.round(start + duration_ms * own.between(0.42, 0.52)),
      fails_at: Math.round(start + duration_ms * own.between(0.9, 0.97)),
    };
    return {
      planted: [planted],
      plan: (at) => ({
        running: at <= planted.fails_at,
        wear: wear(at),
        ...(at >= planted.begins_at && { fault: planted }),
      }),
    };
  });
}

/** Every asset runs until it fails, after 40 to 100 % of `duration_ms`; its last reading is its failure. */
export function planRunToFailure(
  assets: PlantAsset[],
  random: Random,
  start: EpochMs,
  duration_ms: number,
  interval_ms: number,
): FilePlan[] {
  return assets.map((asset) => {
    const own = random.fork(`life of ${asset.asset_id}`);
    const steps = Math.max(1, Math.floor((duration_ms * own.between(0.4, 1)) / interval_ms) - 1);
    const life = steps * interval_ms;
    const planted: PlantedFault = {
      fault: faultFor(asset, own),
      begins_at: Math.round(start + life * own.between(0.35, 0.65)),
      fails_at: start + life,
    };
    return {
      planted: [planted],
      plan: (at) => ({
        running: at <= planted.fails_at,
        wear: (at - start) / life,
        ...(at >= planted.begins_at && { fault: planted }),
      }),
    };
  });
}

/** Lengths of an endless life's stretches, ms. */
export interface EndlessPace {
  healthy: [number, number];
  failing: [number, number];
  repair: number;
}

/** Something to see within minutes: the first fault begins after about a minute and is critical three minutes later. */
export const DEMO_PACE: EndlessPace = {
  healthy: [240_000, 900_000],
  failing: [180_000, 300_000],
  repair: 60_000,
};

/** Assets fail, are repaired and start again, for ever. The first of them soon. */
export function planEndless(
  assets: PlantAsset[],
  random: Random,
  start: EpochMs,
  pace: EndlessPace = DEMO_PACE,
): LifePlan[] {
  return assets.map((asset, index) => {
    const own = random.fork(`life of ${asset.asset_id}`);
    const healthy = () => own.between(...pace.healthy);
    let born = start;
    let planted = plant(start + (index === 0 ? pace.healthy[0] / 4 : healthy() * 0.75));
    function plant(begins: EpochMs): PlantedFault {
      const begins_at = Math.round(begins);
      return {
        fault: faultFor(asset, own),
        begins_at,
        fails_at: Math.round(begins_at + own.between(...pace.failing)),
      };
    }
    return (at) => {
      while (at > planted.fails_at + pace.repair) {
        born = planted.fails_at + pace.repair;
        planted = plant(born + healthy());
      }
      return {
        running: at <= planted.fails_at,
        wear: Math.max(0, Math.min(1, (at - born) / (planted.fails_at - born))),
        ...(at >= planted.begins_at && { fault: planted }),
      };
    };
  });
}

function faultFor(asset: PlantAsset, random: Random): FaultModel {
  const { faults } = asset.model;
  return faults[Math.floor(random.uniform() * faults.length)]!;
}

function pick(from: number, count: number, random: Random): number[] {
  const all = Array.from({ length: from }, (_, index) => index);
  for (let at = 0; at < count; at++) {
    const other = at + Math.floor(random.uniform() * (from - at));
    [all[at], all[other]] = [all[other]!, all[at]!];
  }
  return all.slice(0, count);
}

/**
 * What the health index says of machines whose truth is known: generated plants, and turbofan engines that ran to
 * failure. Prints the figures of docs/judgement.md.
 *
 *   node --import tsx scripts/health-figures.ts [C-MAPSS training file …]
 */
import { baselineHealthModel } from "../lib/domain/baseline-health-model.ts";
import type { FrameValue } from "../lib/domain/health-model.ts";
import { CMAPSS_COLUMNS } from "../lib/ingest/cmapss/cmapss-columns.ts";
import { readCmapss } from "../lib/ingest/cmapss/read-cmapss.ts";
import { planEndless } from "../lib/ingest/plant/life-plan.ts";
import { plantAssets } from "../lib/ingest/plant/machines.ts";
import { createPlant, type PlantOptions } from "../lib/ingest/plant/plant.ts";
import { createRandom } from "../lib/ingest/plant/random.ts";

/** Below this the risk is no longer low. */
const LOW = 70;
const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
let readings = 0;
let cpu_us = 0;

function judge() {
  const state = baselineHealthModel.initial("");
  return (timestamp: number, values: FrameValue[]) => {
    readings += values.length;
    const begun = process.cpuUsage();
    const { score } = baselineHealthModel.step(state, { timestamp, values });
    const { user, system } = process.cpuUsage(begun);
    cpu_us += user + system;
    return score;
  };
}

function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** The fault that an asset has at a time, by when it began. */
type FaultAt = (asset_id: string, at: number) => number | undefined;

function plant(
  name: string,
  seeds: number[],
  options: Omit<PlantOptions, "seed" | "start">,
  steps = Number.POSITIVE_INFINITY,
) {
  let [sound, low, withheld, all] = [0, 0, 0, 0];
  let [faults, found] = [0, 0];
  for (const seed of seeds) {
    const generated = createPlant({ ...options, seed, start: START });
    const assets = plantAssets(options.assets);
    const plans =
      options.mode.kind === "endless" ? planEndless(assets, createRandom(seed), START) : undefined;
    const faultAt: FaultAt = (asset_id, at) =>
      plans === undefined
        ? generated.faults.find((fault) => fault.asset_id === asset_id && at >= fault.begins_at)?.begins_at
        : plans[assets.findIndex((asset) => asset.asset_id === asset_id)]!(at).fault?.begins_at;
    const judges = new Map(assets.map(({ asset_id }) => [asset_id, judge()]));
    const episodes = new Map<string, boolean>();
    const latest = new Map<string, string>();
    const failed = new Set<string>();
    let step = 0;
    for (const of_step of generated.steps()) {
      if (step >= steps) break;
      const at = START + step++ * options.interval_ms;
      const by_asset = groupBy(
        of_step.filter(({ quality }) => quality !== "bad"),
        ({ asset_id }) => asset_id,
      );
      // Also while it stands still, since plans are asked with times that never fall.
      for (const [asset_id, step_of] of judges) {
        const begun = faultAt(asset_id, at);
        const values = by_asset.get(asset_id);
        const current = latest.get(asset_id);
        // It stands still: the fault has led to failure. What the end cuts off does not count.
        if (values === undefined && current !== undefined) failed.add(current);
        if (values === undefined) continue;
        const score = step_of(at, values);
        all++;
        if (score === null) withheld++;
        if (begun === undefined) {
          if (score !== null) sound++;
          if (score !== null && score < LOW) low++;
          continue;
        }
        const key = `${asset_id} ${begun}`;
        latest.set(asset_id, key);
        episodes.set(key, (episodes.get(key) ?? false) || (score !== null && score < LOW));
      }
    }
    for (const [key, hit] of episodes) {
      if (!failed.has(key)) continue;
      faults++;
      if (hit) found++;
    }
  }
  process.stdout.write(
    `${name.padEnd(38)} sound scores ${sound}, below ${LOW}: ${((100 * low) / sound).toFixed(3)} %; ` +
      `faults found before failure ${found} of ${faults}; withheld ${((100 * withheld) / all).toFixed(1)} %\n`,
  );
}

function ranksOf(values: number[]): number[] {
  const order = values.map((value, at) => ({ value, at })).sort((a, b) => a.value - b.value);
  const ranks: number[] = [];
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (order[to]?.value === order[from]!.value) to++;
    for (let at = from; at < to; at++) ranks[order[at]!.at] = (from + to - 1) / 2;
    from = to;
  }
  return ranks;
}

/** Spearman's rank correlation, ties at their mean rank. */
function spearman(a: number[], b: number[]): number {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const mean = (a.length - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    xy += (x[at]! - mean) * (y[at]! - mean);
    xx += (x[at]! - mean) ** 2;
    yy += (y[at]! - mean) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

async function engines(path: string) {
  const by_unit = groupBy(await readCmapss(path), ({ unit }) => unit);
  const correlations: number[] = [];
  const ends: number[] = [];
  for (const rows of by_unit.values()) {
    const step = judge();
    const scores: number[] = [];
    const lives: number[] = [];
    for (const { cycle, values } of rows) {
      const frame = CMAPSS_COLUMNS.map(({ symbol, sensor_type, unit }, at) => ({
        sensor_id: symbol,
        sensor_type,
        unit,
        value: Number(values[at]),
      }));
      const score = step(START + cycle * 60_000, frame);
      if (score === null) continue;
      scores.push(score);
      lives.push(rows.length - cycle);
    }
    correlations.push(spearman(scores, lives));
    ends.push(scores.at(-1)!);
  }
  const sorted = correlations.sort((a, b) => a - b);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  process.stdout.write(
    `${path.split("/").at(-1)}: ${by_unit.size} engines, Spearman of health and remaining life: mean ` +
      `${mean.toFixed(3)}, median ${sorted[sorted.length >> 1]!.toFixed(3)}, least ${sorted[0]!.toFixed(3)}; ` +
      `highest last score ${Math.max(...ends)}\n`,
  );
}

const seeds = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at);
const file = (hours: number) => ({ kind: "file" as const, duration_ms: hours * HOUR });
plant("6 assets, 1 h, every second", seeds(101, 6), { assets: 6, interval_ms: 1_000, mode: file(1) });
plant("6 assets, 6 h, every 5 s", seeds(111, 4), { assets: 6, interval_ms: 5_000, mode: file(6) });
plant("6 assets, 72 h, every minute", seeds(121, 4), { assets: 6, interval_ms: 60_000, mode: file(72) });
plant("9 assets to failure, 200 h, every minute", seeds(131, 2), {
  assets: 9,
  interval_ms: 60_000,
  mode: { kind: "run_to_failure", duration_ms: 200 * HOUR },
});
const endless = { assets: 9, interval_ms: 1_000, mode: { kind: "endless" as const } };
plant("as --demo, 9 assets, 90 min", seeds(141, 4), endless, 5_400);
for (const path of process.argv.slice(2)) await engines(path);
process.stdout.write(`${readings} readings, ${(cpu_us / readings).toFixed(2)} µs of CPU each\n`);

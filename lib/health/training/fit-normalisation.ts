import { ForesightError } from "../../domain/errors.ts";
import type { Normalisation } from "../life/life-parameters.ts";
import { findRegimes, isSettingType, regimeAt } from "../life/operating-regimes.ts";
import type { TrainingRun, TrainingSet } from "./training-run.ts";

/** A sensor tells the condition if its mean moves so far between the beginning and the end of a life, r.m.s. in standard deviations. */
const TREND = 0.8;
const ENDS_AT_MOST = 20;
/** A sensor that varies less than this share of its level is constant. */
const CONSTANT = 1e-9;

/** Regimes from all frames, then means by regime, pooled deviations, and the sensors that change as assets wear. */
export function fitNormalisation({ sensors, runs }: TrainingSet): Normalisation {
  const rows = runs.flatMap(({ frames }) => frames.map(({ values }) => values));
  const regimes = findRegimes({ rows, types: sensors.map(({ sensor_type }) => sensor_type) });
  const regime_count = regimes.centers.length;
  const counts = sensors.map(() => new Float64Array(regime_count));
  const means = sensors.map(() => new Float64Array(regime_count));
  const squares = new Float64Array(sensors.length);
  const totals = new Float64Array(sensors.length);
  for (const row of rows) {
    const regime = regimeAt(regimes, row)?.regime;
    if (regime === undefined) continue;
    for (let sensor = 0; sensor < sensors.length; sensor++) {
      const value = row[sensor]!;
      if (Number.isNaN(value)) continue;
      const count = ++counts[sensor]![regime]!;
      const off = value - means[sensor]![regime]!;
      means[sensor]![regime]! += off / count;
      squares[sensor]! += off * (value - means[sensor]![regime]!);
      totals[sensor]!++;
    }
  }
  const deviations = sensors.map((_, sensor) => {
    const deviation = Math.sqrt(squares[sensor]! / Math.max(1, totals[sensor]!));
    const level = Math.max(...means[sensor]!.map(Math.abs));
    return deviation > CONSTANT * level && deviation > 0 ? deviation : 0;
  });
  const trend = sensors.map(({ sensor_type }, sensor) =>
    deviations[sensor]! === 0 || regimes.settings.includes(sensor) || isSettingType(sensor_type)
      ? 0
      : trendOf(runs, (row) => {
          const regime = regimeAt(regimes, row)?.regime;
          return regime === undefined
            ? Number.NaN
            : (row[sensor]! - means[sensor]![regime]!) / deviations[sensor]!;
        }),
  );
  const condition = trend.flatMap((moved, sensor) => (moved >= TREND ? [sensor] : []));
  if (condition.length === 0)
    throw new ForesightError(
      "invalid_request",
      "No sensor changes between the beginning and the end of the assets' lives: there is nothing to learn from.",
    );
  return {
    sensors,
    regimes,
    condition,
    means: Array.from({ length: regime_count }, (_, regime) =>
      condition.map((sensor) => means[sensor]![regime]!),
    ),
    deviations: condition.map((sensor) => deviations[sensor]!),
  };
}

function trendOf(runs: readonly TrainingRun[], deviation: (row: Float64Array) => number): number {
  let sum = 0;
  let n = 0;
  for (const { frames } of runs) {
    const length = Math.max(
      1,
      Math.min(Math.ceil(frames.length / 4), Math.max(ENDS_AT_MOST, frames.length / 10)),
    );
    const [first, last] = [meanOf(frames.slice(0, length)), meanOf(frames.slice(-length))];
    if (Number.isNaN(first) || Number.isNaN(last)) continue;
    sum += (last - first) ** 2;
    n++;
  }
  return n === 0 ? 0 : Math.sqrt(sum / n);

  function meanOf(some: TrainingRun["frames"]): number {
    let total = 0;
    let count = 0;
    for (const { values } of some) {
      const z = deviation(values);
      if (Number.isNaN(z)) continue;
      total += z;
      count++;
    }
    return count === 0 ? Number.NaN : total / count;
  }
}

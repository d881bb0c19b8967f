import { type AnomalyState, initialAnomaly } from "./anomaly-scorer.ts";
import { SEASON_BINS } from "./anomaly-season.ts";
import { TAIL_BINS } from "./anomaly-tail.ts";
import { ForesightError } from "./errors.ts";
import { StateReader, StateWriter } from "./state-bytes.ts";

const VERSION = 1;
const writer = new StateWriter();
const NUMBERS = ["last_at", "near", "level", "usual", "error", "lively", "busy", "burst"] as const;
const SEASON_NUMBERS = ["hour", "mean", "readings", "day_error", "week_error"] as const;

/** Exact: what is decoded goes on as if it had never been encoded. Bins that were never met take no room. */
export function encodeAnomaly(state: AnomalyState): Uint8Array {
  writer.count(VERSION);
  writer.count(state.readings);
  for (const name of NUMBERS) writer.float64(state[name]);
  const { season } = state;
  for (const name of SEASON_NUMBERS) writer.float64(season[name]);
  for (let bin = 0; bin < SEASON_BINS; bin++) {
    if (season.visits[bin] === 0) continue;
    writer.count(bin + 1);
    writer.count(season.visits[bin]!);
    writer.float64(season.means[bin]!);
  }
  writer.count(0);
  writer.count(state.tails.length);
  for (const tail of state.tails) {
    writer.float64(tail.total);
    writer.float64(tail.reference);
    writer.count(tail.reference_values);
    for (let bin = 0; bin < TAIL_BINS; bin++) {
      if (tail.counts[bin] === 0) continue;
      writer.count(bin + 1);
      writer.float64(tail.counts[bin]!);
    }
    writer.count(0);
  }
  return writer.take();
}

/** @throws ForesightError `invalid_request` for bytes of another version or cut short */
export function decodeAnomaly(bytes: Uint8Array): AnomalyState {
  const reader = new StateReader(bytes);
  if (reader.count() !== VERSION)
    throw new ForesightError("invalid_request", "The saved anomaly state is of another version.");
  const state = initialAnomaly();
  state.readings = reader.count();
  for (const name of NUMBERS) state[name] = reader.float64();
  const { season } = state;
  for (const name of SEASON_NUMBERS) season[name] = reader.float64();
  for (let bin = reader.count(); bin > 0; bin = reader.count()) {
    season.visits[bin - 1] = reader.count();
    season.means[bin - 1] = reader.float64();
  }
  if (reader.count() !== state.tails.length)
    throw new ForesightError("invalid_request", "The saved anomaly state has other channels.");
  for (const tail of state.tails) {
    tail.total = reader.float64();
    tail.reference = reader.float64();
    tail.reference_values = reader.count();
    for (let bin = reader.count(); bin > 0; bin = reader.count()) tail.counts[bin - 1] = reader.float64();
  }
  return state;
}

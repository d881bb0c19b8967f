import { ForesightError } from "../../domain/errors.ts";
import { StateReader, StateWriter } from "../../domain/state-bytes.ts";
import { emptyLife, type LifeState } from "./life-stepper.ts";

const VERSION = 2;
const writer = new StateWriter();

/** Exact: what is decoded goes on as if it had never been encoded. */
export function encodeLife(state: LifeState): Uint8Array {
  const { averages, told } = state;
  writer.count(VERSION);
  writer.count(state.sums.length);
  for (const value of scalars(state)) writer.float64(value);
  for (const list of lists(state)) for (const value of list) writer.float64(value);
  writer.float64(averages.fast_weight);
  writer.float64(averages.slow_weight);
  writer.count(told === undefined ? 0 : told.rul === null ? 1 : 2);
  if (told?.rul === null) writer.text(told.reason);
  else if (told !== undefined)
    for (const value of [told.rul, told.low, told.high, told.born]) writer.float64(value);
  return writer.take();
}

/** @throws ForesightError `invalid_request` for bytes of another version, of another size or cut short */
export function decodeLife(bytes: Uint8Array, sensors: number): LifeState {
  const reader = new StateReader(bytes);
  if (reader.count() !== VERSION || reader.count() !== sensors)
    throw new ForesightError("invalid_request", "The saved remaining-life state is of another version.");
  const state = emptyLife(sensors);
  const { averages } = state;
  averages.steps = reader.float64();
  state.age = reader.float64();
  state.last_at = reader.float64();
  state.interval = reader.float64();
  state.irregular = reader.float64() === 1;
  state.bucket = reader.float64();
  state.outside = reader.float64();
  state.origin = reader.float64();
  state.worn = reader.float64();
  state.fresh_for = reader.float64();
  for (const list of lists(state)) for (let i = 0; i < list.length; i++) list[i] = reader.float64();
  averages.fast_weight = reader.float64();
  averages.slow_weight = reader.float64();
  const told = reader.count();
  if (told === 1) state.told = { rul: null, reason: reader.text() };
  else if (told === 2) {
    const [rul, low, high, born] = [reader.float64(), reader.float64(), reader.float64(), reader.float64()];
    state.told = { rul, low, high, born };
  }
  return state;
}

/** In the order in which they are read. */
function scalars(state: LifeState): number[] {
  const { averages, age, last_at, interval, irregular, bucket, outside, origin, worn, fresh_for } = state;
  return [
    averages.steps,
    age,
    last_at,
    interval,
    irregular ? 1 : 0,
    bucket,
    outside,
    origin,
    worn,
    fresh_for,
  ];
}

function lists({ averages, sums, counts, missing }: LifeState): Float64Array[] {
  const { fast, slow, baseline, distances, distance_weights } = averages;
  return [fast, slow, baseline, distances, distance_weights, sums, counts, missing];
}

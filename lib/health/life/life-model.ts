import { distanceShares, type LifeExplanation, mixExplanations } from "./life-explanation.ts";
import { CompiledHead } from "./life-head.ts";
import { reachOf } from "./life-interval.ts";
import type { LifeParameters } from "./life-parameters.ts";
import {
  beginAnew,
  emptyLife,
  type LifeEstimate,
  type LifeState,
  LifeStepper,
  WINSOR,
} from "./life-stepper.ts";

/** No remaining life is told of an asset that was seen for fewer steps. */
export const FIRST_ESTIMATE_AFTER = 10;
/** Nor where more than this share of the condition sensors has been missing for so many steps. */
const MISSING_SHARE = 1 / 3;
const MISSING_STEPS = 5;
/** Nor where more than this share is farther off than the training data went, by this factor and this much. */
const OUTSIDE_SHARE = 1 / 4;
const OUTSIDE_FACTOR = 1.5;
const OUTSIDE_MORE = 2;
/** But never by more than this: values are drawn in a little farther out, so no average would get there. */
const OUTSIDE_AT_MOST = WINSOR - 1;
/** Each missing sensor makes the interval wider by its share of the sensors times this. */
const WIDER_BY_MISSING = 2;
/** An asset older than the longest life in training by this factor is judged without its age. */
const OLD = 1.2;
/** What `beginning` tells: up to the one an asset was surely not seen from its beginning, from the other on it was. */
const SURELY_NOT = 0.2;
const SURELY = 0.5;
/**
 * An asset is worn after so many steps in a row below this share of the cap; looking like new for so many steps
 * thereafter, it has been repaired.
 */
const WORN_SHARE = 0.25;
const WORN_STEPS = 5;
const FRESH_STEPS = 10;

/** A model ready to judge. Its methods change nothing but the state that they are given. */
export class LifeModel {
  readonly stepper: LifeStepper;
  private readonly from_birth: CompiledHead;
  private readonly of_unknown_age: CompiledHead;
  private readonly beginning: CompiledHead;

  constructor(readonly parameters: LifeParameters) {
    this.stepper = new LifeStepper(parameters);
    const { size } = this.stepper;
    this.from_birth = new CompiledHead(parameters.from_birth, size, true);
    this.of_unknown_age = new CompiledHead(parameters.of_unknown_age, size, false);
    this.beginning = new CompiledHead(parameters.beginning, size, true);
  }

  initial(): LifeState {
    return emptyLife(this.stepper.size);
  }

  /**
   * Takes a frame, later than all before it, and tells what can be told after it. Between two steps of life that is
   * what was told after the last one.
   * @param values by the model's sensors, in its units, NaN where missing
   */
  take(state: LifeState, timestamp: number, values: ArrayLike<number>): LifeEstimate {
    if (this.stepper.take(state, timestamp, values)) {
      this.noticeRepair(state);
      state.told = undefined;
    } else if (state.outside > 0) state.told = undefined;
    state.told ??= this.estimate(state);
    return state.told;
  }

  private estimate(state: LifeState): LifeEstimate {
    const { parameters } = this;
    const { averages } = state;
    if (state.outside > 0) return withheld("the operating point is outside the model's training data");
    if (averages.steps < FIRST_ESTIMATE_AFTER)
      return withheld(
        `insufficient data: ${averages.steps} of ${FIRST_ESTIMATE_AFTER} ${parameters.unit === "cycles" ? "cycles" : "time steps"}`,
      );
    const gone = this.sensorsWhere((i) => state.missing[i]! > MISSING_STEPS);
    if (gone.length > MISSING_SHARE * this.stepper.size)
      return withheld(`sensors are missing: ${list(gone)}`);
    const far = this.sensorsWhere((i) => {
      const farthest = parameters.farthest[i]!;
      const most = Math.min(OUTSIDE_FACTOR * farthest + OUTSIDE_MORE, farthest + OUTSIDE_AT_MOST);
      return Math.abs(averages.fast[i]! / averages.fast_weight) > most;
    });
    if (far.length > OUTSIDE_SHARE * this.stepper.size)
      return withheld(`outside the model's training data: ${list(far)}`);
    const born = this.looksBorn(state);
    const { cap } = parameters;
    const tell = (head: CompiledHead, share: number) =>
      share === 0 ? 0 : share * Math.max(0, Math.min(cap, head.predict(averages, state.age)));
    const share = bornShare(born);
    const rul = tell(this.from_birth, share) + tell(this.of_unknown_age, 1 - share);
    const reach = reachOf(parameters.intervals, born, rul);
    const wider = 1 + (WIDER_BY_MISSING * gone.length) / this.stepper.size;
    const low = Math.max(0, rul + wider * reach.low);
    const high = Math.min(cap, rul + wider * reach.high);
    if (rul < WORN_SHARE * parameters.cap) state.worn++;
    else if (state.worn < WORN_STEPS) state.worn = 0;
    return { rul, low, high, born };
  }

  /**
   * What the life that is told comes from, against the asset as new: as in its own baseline as far as it is judged as
   * seen from its beginning, else as the training fleet's assets were at theirs. What a sensor that the asset does not
   * have would contribute is shared out over those that it is filled in from.
   * @param present by condition sensor: whether the asset has it
   */
  explain(state: LifeState, present: readonly boolean[]): LifeExplanation {
    const { averages, age } = state;
    const { births, noise_precision, cap } = this.parameters;
    const shares = distanceShares(averages, noise_precision);
    const born = bornShare(this.looksBorn(state));
    const own = () => this.from_birth.explain(averages, age, averages.baseline, shares, cap);
    const unknown = () => this.of_unknown_age.explain(averages, age, births.mean, shares, cap);
    const explained = born === 1 ? own() : born === 0 ? unknown() : mixExplanations(own(), unknown(), born);
    this.stepper.shareFilled(explained.by_sensor, averages, present);
    return explained;
  }

  private sensorsWhere(condition: (i: number) => boolean): string[] {
    const { sensors, condition: indices } = this.parameters.normalisation;
    return indices.flatMap((sensor, i) => (condition(i) ? [sensors[sensor]!.key] : []));
  }

  /** How far an asset looks as if it was seen from its beginning, 0 to 1. */
  private looksBorn(state: LifeState): number {
    if (state.age > OLD * this.parameters.longest) return 0;
    if (state.origin !== 0) return state.origin === 1 ? 1 : 0;
    return Math.max(0, Math.min(1, this.beginning.predict(state.averages, state.age)));
  }

  private noticeRepair(state: LifeState): void {
    if (state.worn < WORN_STEPS) return;
    const { fast, fast_weight } = state.averages;
    const present = fast.map((value) => value / fast_weight);
    state.fresh_for = this.looksNew(present, 1) ? state.fresh_for + 1 : 0;
    if (state.fresh_for >= FRESH_STEPS) beginAnew(state);
  }

  private looksNew(mean: Float64Array, times: number): boolean {
    const { births } = this.parameters;
    return birthDistance(births.mean, births.precision, mean) <= times * births.limit;
  }
}

/** What is to be known of a life that is told without the asset's age, or in doubt of it. */
export function ageDoubt(looks: number): string | undefined {
  if (looks >= SURELY) return undefined;
  return looks <= SURELY_NOT
    ? "age unknown: the asset looks as first seen in mid-life"
    : "age in doubt: the asset may have been first seen in mid-life";
}

/** How far an asset is judged as one that was seen from its beginning, 0 to 1. */
function bornShare(looks: number): number {
  return Math.max(0, Math.min(1, (looks - SURELY_NOT) / (SURELY - SURELY_NOT)));
}

export function birthDistance(
  center: ArrayLike<number>,
  precision: ArrayLike<number>,
  mean: ArrayLike<number>,
): number {
  const size = center.length;
  let sum = 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      sum += (mean[i]! - center[i]!) * precision[i * size + j]! * (mean[j]! - center[j]!);
  return sum;
}

function withheld(reason: string): LifeEstimate {
  return { rul: null, reason };
}

function list(keys: string[]): string {
  return keys.length <= 6 ? keys.join(", ") : `${keys.slice(0, 5).join(", ")} and ${keys.length - 5} more`;
}

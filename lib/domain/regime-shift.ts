import { solveCholesky } from "./correlation.ts";

/** Weight of the newest frame in what is compared. */
const LAMBDA = 0.3;
const SNAPSHOTS = 3;
/** A single value counts at most so many standard deviations. */
const MOST_DEVIATIONS = 20;
/** A sensor has moved where its difference exceeds so many standard deviations. */
const MOVED = 1.8;

/**
 * Watches for changes of regime: an asset that is loaded otherwise moves most of its sensors at once and then stands
 * still again, while damage creeps and shows in few. `fast` is a quick moving average of deviations, `snapshots` what
 * it was before, newest first.
 */
export interface ShiftState {
  fast: number[];
  snapshots: { fast: number[]; healthy: boolean }[];
  since_snapshot: number;
  /** What `fast` was before the movement; absent while nothing moves. */
  before?: number[];
  moving_for: number;
  /** Since it has settled: how many frames, and the sums of the deviations in them. */
  settled_for: number;
  sums: number[];
  rest: number;
}

export function noShift(): ShiftState {
  return { fast: [], snapshots: [], since_snapshot: 0, moving_for: 0, settled_for: 0, sums: [], rest: 0 };
}

export interface ShiftView {
  /** Rows of the sensors that take part, and the factor of their correlations (known directions of shift included). */
  members: number[];
  factor: Float64Array;
  /** Autocorrelation of the noise: it sets how far back to look. */
  rho: number;
  /** A movement may begin: enough is learned. */
  ready: boolean;
  /** The asset looks healthy now; a movement counts only where it did before it. */
  healthy: boolean;
}

/** `moving`: judge nothing now; `shifted`: it has settled elsewhere, `by` is how far each member moved. */
export type Shift = { kind: "still" } | { kind: "moving" } | { kind: "shifted"; by: number[] };

const STILL: Shift = { kind: "still" };
const MOVING: Shift = { kind: "moving" };

/** Takes the deviations of one frame (by row, in standard deviations; holes where nothing came). */
export function stepShift(
  state: ShiftState,
  deviations: readonly (number | undefined)[],
  view: ShiftView,
): Shift {
  for (let row = 0; row < deviations.length; row++) {
    const z = deviations[row];
    if (z === undefined) continue;
    const bounded = Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, z));
    const old = state.fast[row] ?? 0;
    state.fast[row] = Math.fround(old + LAMBDA * (bounded - old));
  }
  const { members, rho } = view;
  if (members.length < 3) return STILL;
  const memory = rho > 0.01 ? -1 / Math.log(rho) : 0;
  const spacing = Math.max(1, Math.round((4 + 8 * memory) / SNAPSHOTS));

  if (state.before !== undefined) return followMovement(state, deviations, view, spacing);

  const oldest = state.snapshots[SNAPSHOTS - 1];
  if (state.rest > 0) state.rest--;
  else if (view.ready && oldest?.healthy && differs(state.fast, oldest.fast, view, 5)) {
    const by = members.map((row) => (state.fast[row] ?? 0) - (oldest.fast[row] ?? 0));
    if (isBroad(by)) {
      const { snapshots } = state;
      state.before = oldest.fast.map(
        (_, row) => snapshots.reduce((sum, { fast }) => sum + (fast[row] ?? 0), 0) / SNAPSHOTS,
      );
      restart(state);
      return MOVING;
    }
  }
  takeSnapshot(state, spacing, view.healthy);
  return STILL;
}

/** Waits until the asset stands still again, and then measures where. */
function followMovement(
  state: ShiftState,
  deviations: readonly (number | undefined)[],
  view: ShiftView,
  spacing: number,
): Shift {
  const { members } = view;
  state.moving_for++;
  takeSnapshot(state, spacing, view.healthy);
  const recent = state.snapshots[1];
  if (state.settled_for === 0) {
    const settled =
      state.moving_for >= 2 * spacing && recent !== undefined && !differs(state.fast, recent.fast, view, 0);
    if (!settled && state.moving_for < 4 * SNAPSHOTS * spacing) return MOVING;
    if (!settled) return end(state, spacing, STILL);
  }
  state.settled_for++;
  for (const row of members)
    state.sums[row] = (state.sums[row] ?? 0) + (deviations[row] ?? state.fast[row] ?? 0);
  if (state.settled_for < SNAPSHOTS * spacing) return MOVING;
  const by = members.map((row) => state.sums[row]! / state.settled_for - (state.before![row] ?? 0));
  return end(state, spacing, isBroad(by) ? { kind: "shifted", by } : STILL);
}

function end(state: ShiftState, spacing: number, shift: Shift): Shift {
  state.before = undefined;
  restart(state);
  state.rest = SNAPSHOTS * spacing;
  return shift;
}

function restart(state: ShiftState): void {
  state.snapshots = [];
  state.since_snapshot = 0;
  state.moving_for = 0;
  state.settled_for = 0;
  state.sums = [];
}

function takeSnapshot(state: ShiftState, spacing: number, healthy: boolean): void {
  if (++state.since_snapshot < spacing) return;
  state.since_snapshot = 0;
  state.snapshots.unshift({ fast: [...state.fast], healthy });
  if (state.snapshots.length > SNAPSHOTS) state.snapshots.pop();
}

/** Whether two averages differ by more than noise does: squared distance over its variance, against chi-squared. */
function differs(a: number[], b: number[], view: ShiftView, strictness: number): boolean {
  const { members, factor, rho } = view;
  const difference = Float64Array.from(members, (row) => (a[row] ?? 0) - (b[row] ?? 0));
  const weighted = solveCholesky(factor, difference);
  let distance = 0;
  for (let at = 0; at < members.length; at++) distance += difference[at]! * weighted[at]!;
  const remember = rho * (1 - LAMBDA);
  const variance = 2 * (LAMBDA / (2 - LAMBDA)) * ((1 + remember) / (1 - remember));
  return distance / variance > members.length + (2 + strictness) * Math.sqrt(2 * members.length);
}

function isBroad(by: number[]): boolean {
  return by.filter((difference) => Math.abs(difference) > MOVED).length > by.length / 2;
}

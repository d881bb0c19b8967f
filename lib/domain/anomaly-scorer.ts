import { foretell, learnSeason, noSeason, type Season } from "./anomaly-season.ts";
import { count, emptyTail, placeIn, rarity, type Tail } from "./anomaly-tail.ts";
import type { EpochMs } from "./time.ts";

/** Weights of the newest reading in the averages: of what is compared with, of the present level, of the usual one. */
const NEAR = 0.3;
const LEVEL = 0.05;
const USUAL = 0.002;
/** … and in how lively the sensor is. */
const LIVELY = 0.02;
/** … and in how often something happens: a jump as rare as this (−log₁₀ of its share). */
const BUSY = 0.02;
const EVENT = 1.7;
/** What is rarer than this (−log₁₀) is learned with less weight: a fault is not soon taken for ordinary. */
const STRANGE = 2.5;
const STRANGE_WEIGHT = 0.2;
/** A reading moves an average as if it were at most so many usual errors off. */
const MOST_ERRORS = 6;
/** Nothing is said of the first readings. */
const WARM_UP = 100;
/** After an alarm others count by what they exceed it; it fades by 1/e in so many readings. */
const BURST = 150;
/** Beyond what was seen at most so many powers of ten are believed. */
const BOLDEST = 3;
/** −log₁₀ of the probability at which the score is 0.5. */
const HALF = 4;

/** The ways in which a reading can be out of the ordinary. */
export const ANOMALY_CHANNELS = ["jump", "drift", "season", "lively", "still", "busy"] as const;

const BUSY_CHANNEL = ANOMALY_CHANNELS.indexOf("busy");
/** As many chances to be rare are to be taken into account. */
const CHANNELS_LOG = Math.log10(ANOMALY_CHANNELS.length);

export interface AnomalyState {
  readings: number;
  last_at: EpochMs;
  near: number;
  level: number;
  usual: number;
  /** Mean error against `near`, slow, and how lively the sensor is now, quick. */
  error: number;
  lively: number;
  /** Share of readings that were rare jumps. */
  busy: number;
  season: Season;
  tails: Tail[];
  burst: number;
}

export function initialAnomaly(): AnomalyState {
  return {
    readings: 0,
    last_at: -1,
    near: 0,
    level: 0,
    usual: 0,
    error: 0,
    lively: 0,
    busy: 0,
    season: noSeason(),
    tails: ANOMALY_CHANNELS.map(emptyTail),
    burst: 0,
  };
}

/** `anomaly`: 0 to 1, of a burst only the first in full; `strange`: the same without regard to what went before. */
export interface AnomalyScore {
  anomaly: number;
  strange: number;
}

const NOTHING: AnomalyScore = { anomaly: 0, strange: 0 };

/**
 * How out of the ordinary a sensor's reading is against its own past: 0 (not at all) to 1, 0.5 at about one reading in
 * ten thousand. Six quantities are watched: the jump from its near past, the drift of its level, the distance from its
 * profile of day and week, whether it has become livelier or stiller, and how often it jumps. How rare each value is
 * comes from that quantity's own past, so nothing is assumed of its distribution. Time and state are the same for every
 * reading. Changes `state`.
 */
export function stepAnomaly(state: AnomalyState, timestamp: EpochMs, value: number): AnomalyScore {
  if (timestamp <= state.last_at || !Number.isFinite(value)) return NOTHING;
  state.last_at = timestamp;
  if (state.readings++ === 0) {
    state.near = value;
    state.level = value;
    state.usual = value;
    learnSeason(state.season, timestamp, value);
    return NOTHING;
  }
  const rarest = Math.max(0, rarestOf(state, sizesOf(state, timestamp, value)) - CHANNELS_LOG);
  if (state.readings < WARM_UP) return NOTHING;
  state.burst *= 1 - 1 / BURST;
  const told = Math.max(0, rarest - state.burst);
  state.burst = Math.max(state.burst, rarest);
  return { anomaly: told / (told + HALF), strange: rarest / (rarest + HALF) };
}

/** Takes the reading in, and tells how large the quantities are, in the channels' order. */
function sizesOf(state: AnomalyState, timestamp: EpochMs, value: number): number[] {
  const young = 1 / state.readings;
  const jump = Math.abs(value - state.near);
  const expected = foretell(state.season, timestamp);
  const bound = state.readings < WARM_UP ? Number.POSITIVE_INFINITY : MOST_ERRORS * state.error;
  const step = (from: number) => Math.max(-bound, Math.min(bound, value - from));
  state.near += Math.max(NEAR, young) * (value - state.near);
  state.level += Math.max(LEVEL, young) * step(state.level);
  state.usual += Math.max(USUAL, young) * step(state.usual);
  state.error += Math.max(USUAL, young) * (Math.min(jump, bound) - state.error);
  state.lively += Math.max(LIVELY, young) * (Math.min(jump, bound) - state.lively);
  learnSeason(state.season, timestamp, value);
  return [
    jump,
    Math.abs(state.level - state.usual),
    expected === undefined ? 0 : Math.abs(value - expected),
    state.lively,
    state.lively > 0 ? 1 / state.lively : 0,
    0,
  ];
}

function rarestOf(state: AnomalyState, sizes: number[]): number {
  let rarest = 0;
  for (let channel = 0; channel < sizes.length; channel++) {
    const tail = state.tails[channel]!;
    const size = sizes[channel]!;
    const at = placeIn(tail, size);
    const rare = Math.min(rarity(tail, at), Math.log10(tail.total + 1) + BOLDEST);
    if (rare > rarest) rarest = rare;
    if (channel === 0) {
      state.busy += BUSY * ((rare > EVENT ? 1 : 0) - state.busy);
      sizes[BUSY_CHANNEL] = state.busy;
    }
    count(tail, size, at, rare > STRANGE ? STRANGE_WEIGHT : 1);
  }
  return rarest;
}

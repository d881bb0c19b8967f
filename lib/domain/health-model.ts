import type { Evidence } from "./health.ts";
import type { EpochMs } from "./time.ts";

/** One sensor's value in a frame. A sensor's unit never changes between frames. */
export interface FrameValue {
  sensor_id: string;
  sensor_type: string;
  unit: string;
  value: number;
}

/** What an asset showed at one event time (one second of it at most): each sensor that reported, once. */
export interface HealthFrame {
  timestamp: EpochMs;
  values: FrameValue[];
}

export interface HealthJudgement {
  /** 0–100, one decimal, or `null` where it is withheld with a reason. */
  score: number | null;
  reason?: string;
  /** Points that sum to 100 − score, greatest first. */
  evidence: Evidence[];
}

/**
 * Judges an asset's frames one after another, in order of time. Deterministic: the same frames give the same
 * judgements, however they are cut into stretches and however often the state is encoded and decoded between them.
 * `step` may change the state that it is given.
 */
export interface HealthModel<State> {
  /** Names the model and the version of its encoded state. */
  readonly id: string;
  initial(asset_type: string): State;
  step(state: State, frame: HealthFrame): HealthJudgement;
  encode(state: State): Uint8Array;
  /** @throws ForesightError `invalid_request` where the bytes are no state of this model */
  decode(bytes: Uint8Array): State;
}

import { LIMITS } from "../protocol/messages.ts";
import type { RingLimits } from "./segment-ring.ts";

/** The numbers of delivery; what a user relies on of them are rules of `lib/SPEC.md`. */
export interface RealtimeLimits extends RingLimits {
  /** Length of a tick, ms. */
  tick_ms: number;
  head_every_ms: number;
  /** How often it is looked whether log and store still answer, and how long they may take. */
  look_every_ms: number;
  /** A socket with more than this unsent, bytes, lags: its readings give way to the latest of each sensor. */
  lag_bytes: number;
  /** It has caught up when less than this is unsent. */
  caught_up_bytes: number;
  /** A socket that lags so long is closed. */
  lag_ms: number;
  /** Alert events that wait for a lagging socket before it is closed. */
  held_alerts: number;
  /** Sensors of which a lagging socket may have a value waiting before it is closed. */
  held_series: number;
  /** A client that is further behind than so many records starts again from a snapshot. */
  replay_records: number;
  /** A snapshot serves everyone who asks within this time, ms. */
  snapshot_ms: number;
  messages_per_minute: number;
}

export const REALTIME_LIMITS: RealtimeLimits = {
  tick_ms: 20,
  head_every_ms: 5_000,
  look_every_ms: 2_000,
  history_ms: 150_000,
  history_bytes: 32 * 1024 * 1024,
  frame_bytes: 8 * 1024 * 1024,
  lag_bytes: 3 * 1024 * 1024,
  caught_up_bytes: 512 * 1024,
  lag_ms: 30_000,
  held_alerts: 1_000,
  held_series: 20_000,
  replay_records: 5_000_000,
  snapshot_ms: 1_000,
  messages_per_minute: LIMITS.messages_per_minute,
};

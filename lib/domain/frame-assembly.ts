import type { EpochMs } from "./time.ts";

/** Sensors are numbered by the caller, in the order in which they were first seen. */
export interface OpenFrame {
  /** Second of event time that is being gathered; −1 before the first. */
  second: number;
  timestamp: EpochMs;
  offset: number;
  received_at: EpochMs;
  /** By sensor; holes where nothing came. */
  values: (number | undefined)[];
  /** Reported in the second that is being gathered (a value that came late for the one before waits here too). */
  fresh: boolean[];
  /** Reported in the frame before: what a frame waits for. */
  expected: boolean[];
  missing: number;
  /** The last second that was handed on. */
  closed: number;
}

export function openFrame(): OpenFrame {
  return {
    second: -1,
    timestamp: 0,
    offset: -1,
    received_at: 0,
    values: [],
    fresh: [],
    expected: [],
    missing: 0,
    closed: -1,
  };
}

/** A frame that is complete. The arrays are not touched again. */
export interface ClosedFrame {
  timestamp: EpochMs;
  offset: number;
  received_at: EpochMs;
  values: (number | undefined)[];
}

/**
 * Gathers an asset's readings into frames, one for each second of event time in which something was reported. A frame
 * closes as soon as every sensor of the frame before has reported, or with the first reading of a later second; so the
 * order of the readings alone decides, never when they came. A value for a second that is past joins the next frame,
 * unless its sensor reports anew.
 * @returns the frames that this reading closed: none, one or (rarely) two
 */
export function addToFrame(
  frame: OpenFrame,
  reading: { sensor: number; value: number; timestamp: EpochMs; offset: number; received_at: EpochMs },
): ClosedFrame[] {
  const { sensor, value, timestamp, offset, received_at } = reading;
  const second = Math.floor(timestamp / 1_000);
  const closed: ClosedFrame[] = [];
  if (second <= frame.closed || (frame.second >= 0 && second < frame.second)) {
    if (!frame.fresh[sensor]) frame.values[sensor] = value;
    return closed;
  }
  if (second > frame.second) {
    if (frame.second >= 0) {
      // An offset that is not before this reading's is of another partition, or of a log that went before.
      frame.offset = Math.min(frame.offset, offset);
      closed.push(close(frame));
    }
    frame.second = second;
    frame.timestamp = timestamp;
  }
  frame.values[sensor] = value;
  if (timestamp > frame.timestamp) frame.timestamp = timestamp;
  frame.offset = offset;
  frame.received_at = received_at;
  if (!frame.fresh[sensor]) {
    frame.fresh[sensor] = true;
    if (frame.expected[sensor] && --frame.missing === 0) closed.push(close(frame));
  }
  return closed;
}

function close(frame: OpenFrame): ClosedFrame {
  const { timestamp, offset, received_at, values, fresh } = frame;
  frame.closed = frame.second;
  frame.second = -1;
  frame.values = [];
  frame.expected = fresh;
  frame.fresh = [];
  frame.missing = fresh.reduce((count, reported) => count + (reported ? 1 : 0), 0);
  return { timestamp, offset, received_at, values };
}

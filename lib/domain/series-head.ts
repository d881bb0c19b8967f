import { decodeSamples, maxSamplesBytes, type Samples, writeSamples } from "./chunk.ts";
import { ForesightError } from "./errors.ts";
import type { EpochMs } from "./time.ts";

/**
 * What changes of a series with every reading, kept as one small value: its figures, its newest reading, and the
 * `tail` of readings that are newer than all sealed ones and not worth a chunk yet.
 */
export interface SeriesHead {
  /** Readings stored, each identity once. */
  count: number;
  first_at: EpochMs;
  latest: { timestamp: EpochMs; value: number; tag: number; received_at: EpochMs };
  /** Time of the newest reading that lies in a chunk; −Infinity where none does. */
  sealed_last: EpochMs;
  /** Readings in the newest chunk, 0 where there is none. */
  open_count: number;
  tail: Samples;
}

const VERSION = 1;
const FIXED = 61;

export function maxHeadBytes(head: SeriesHead): number {
  return FIXED + maxSamplesBytes(head.tail.times.length);
}

/** Writes at `start`; the buffer must have `maxHeadBytes` left. @returns the position behind it */
export function writeHead(buffer: Uint8Array, view: DataView, start: number, head: SeriesHead): number {
  const { latest } = head;
  buffer[start] = VERSION;
  view.setFloat64(start + 1, head.count, true);
  view.setFloat64(start + 9, head.first_at, true);
  view.setFloat64(start + 17, latest.timestamp, true);
  view.setFloat64(start + 25, latest.value, true);
  view.setFloat64(start + 33, latest.received_at, true);
  view.setFloat64(start + 41, head.sealed_last, true);
  view.setUint32(start + 49, latest.tag, true);
  view.setFloat64(start + 53, head.open_count, true);
  return writeSamples(buffer, view, start + FIXED, head.tail);
}

/**
 * The figures alone, without the tail: all that lists and counts need.
 * @throws ForesightError `invalid_request` where the bytes are no head of version 1
 */
export function decodeHeadFigures(bytes: Uint8Array): Omit<SeriesHead, "tail"> {
  if (bytes.length < FIXED || bytes[0] !== VERSION)
    throw new ForesightError("invalid_request", `This is no head of a series of version ${VERSION}.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    count: view.getFloat64(1, true),
    first_at: view.getFloat64(9, true),
    latest: {
      timestamp: view.getFloat64(17, true),
      value: view.getFloat64(25, true),
      received_at: view.getFloat64(33, true),
      tag: view.getUint32(49, true),
    },
    sealed_last: view.getFloat64(41, true),
    open_count: view.getFloat64(53, true),
  };
}

/** @throws ForesightError `invalid_request` where the bytes are no head of version 1 */
export function decodeHead(bytes: Uint8Array): SeriesHead {
  return { ...decodeHeadFigures(bytes), tail: decodeSamples(bytes.subarray(FIXED)) };
}

import { ForesightError } from "../domain/errors.ts";
import type { Reading } from "../domain/reading.ts";
import { decodeReadingBlock, encodeReadingBlock } from "../domain/reading-block.ts";
import { type EpochMs, formatTimestamp } from "../domain/time.ts";
import type { BatchHeader } from "./sensor-batch.ts";

/** First byte: kind 1 (readings) in the high half, version 1 in the low. */
const READINGS_V1 = 0x11;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Kind and version, length of the header as a base-128 varint, JSON header, reading block. */
export function encodeBinaryBatch(
  header: BatchHeader,
  readings: readonly Reading[],
  received_at: readonly EpochMs[],
): Uint8Array {
  const json = encoder.encode(
    JSON.stringify({
      tenant_id: header.tenant_id,
      timestamp: formatTimestamp(header.at),
      ...(header.cursor !== undefined && { cursor: header.cursor }),
    }),
  );
  const block = encodeReadingBlock(readings, received_at);
  const length: number[] = [];
  let rest = json.length;
  for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128);
  length.push(rest);
  const bytes = new Uint8Array(1 + length.length + json.length + block.length);
  bytes[0] = READINGS_V1;
  bytes.set(length, 1);
  bytes.set(json, 1 + length.length);
  bytes.set(block, 1 + length.length + json.length);
  return bytes;
}

export interface BinaryBatch {
  tenant_id: string;
  /** RFC 3339. */
  timestamp: string;
  cursor?: string;
  readings: Reading[];
  received_at: EpochMs[];
}

/** @throws ForesightError `invalid_request` where the bytes are no binary batch of version 1 */
export function decodeBinaryBatch(bytes: Uint8Array): BinaryBatch {
  if (bytes[0] !== READINGS_V1)
    throw new ForesightError("invalid_request", `A binary batch begins with 0x11, not ${bytes[0]}.`);
  let at = 1;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined || shift > 21)
      throw new ForesightError("invalid_request", "The binary batch ends in its header.");
    length |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  const header = parseHeader(bytes.subarray(at, at + length));
  const { readings, received_at } = decodeReadingBlock(bytes.subarray(at + length));
  return { ...header, readings, received_at: received_at ?? readings.map(({ timestamp }) => timestamp) };
}

function parseHeader(bytes: Uint8Array): Pick<BinaryBatch, "tenant_id" | "timestamp" | "cursor"> {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw new ForesightError("invalid_request", "The header of the binary batch is no JSON.", { cause });
  }
}

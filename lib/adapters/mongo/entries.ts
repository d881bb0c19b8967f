import { ObjectId } from "mongodb";
import { ForesightError } from "../../domain/errors.ts";
import { decodeSummary, encodeSummary, type Summary } from "../../domain/pyramid.ts";

/** A chunk or a node as the node above it lists it: with its summary, so it need not be read to be summed up. */
export interface Entry {
  id: ObjectId;
  summary: Summary;
}

const ID_BYTES = 12;
const SUMMARY_AT = ID_BYTES + 16;
const ENTRY_BYTES = SUMMARY_AT + 33;

/** Each entry: id · first and last time as float64 · summary. */
export function encodeEntries(entries: readonly Entry[]): Uint8Array {
  const bytes = new Uint8Array(entries.length * ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [i, { id, summary }] of entries.entries()) {
    const at = i * ENTRY_BYTES;
    bytes.set(id.id, at);
    view.setFloat64(at + ID_BYTES, summary.first, true);
    view.setFloat64(at + ID_BYTES + 8, summary.last, true);
    bytes.set(encodeSummary(summary), at + SUMMARY_AT);
  }
  return bytes;
}

/** @throws ForesightError `invalid_request` where the bytes are no whole entries */
export function decodeEntries(bytes: Uint8Array): Entry[] {
  if (bytes.length % ENTRY_BYTES !== 0)
    throw new ForesightError("invalid_request", `${bytes.length} bytes are no whole entries of a node.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Entry[] = [];
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
    const first = view.getFloat64(at + ID_BYTES, true);
    const last = view.getFloat64(at + ID_BYTES + 8, true);
    entries.push({
      id: new ObjectId(bytes.slice(at, at + ID_BYTES)),
      summary: decodeSummary(first, last, bytes.subarray(at + SUMMARY_AT, at + ENTRY_BYTES)),
    });
  }
  return entries;
}

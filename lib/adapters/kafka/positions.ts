import { ForesightError } from "../../domain/errors.ts";
import type { LogPosition } from "../../domain/log-position.ts";
import type { Offsets } from "./topic-reader.ts";

/** What a topic keeps: per partition the offsets from `earliest` to before `head`. */
export interface Kept {
  log_id: string;
  earliest: Offsets;
  head: Offsets;
}

/**
 * The offset that a position names in each partition of a topic; one that it does not name stands at 0, or where the
 * partition begins now.
 * @throws ForesightError `invalid_request` where it is of another log, no offset, beyond the head or no longer kept
 */
export function offsetsIn(kept: Kept, position: LogPosition): Offsets {
  const refuse = (detail: string) => new ForesightError("invalid_request", `The position ${detail}.`);
  if (position.log_id !== kept.log_id) throw refuse("is of another log");
  for (const partition of Object.keys(position.next))
    if (!(partition in kept.head)) throw refuse(`names partition ${partition}, which this log does not have`);
  const offsets: Offsets = {};
  for (const [name, head] of Object.entries(kept.head)) {
    const partition = Number(name);
    const earliest = kept.earliest[partition] ?? 0;
    const offset = position.next[partition] ?? earliest;
    if (!Number.isSafeInteger(offset) || offset < 0) throw refuse("names no offset of this log");
    if (offset > head) throw refuse(`${offset} is beyond the end of partition ${partition} at ${head}`);
    if (offset < earliest)
      throw refuse(`${offset} is no longer kept; partition ${partition} begins at ${earliest}`);
    offsets[partition] = offset;
  }
  return offsets;
}

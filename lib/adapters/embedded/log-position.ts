import { ForesightError } from "../../domain/errors.ts";
import type { LogPosition } from "../../domain/log-position.ts";

/** The embedded log has one partition. */
export const PARTITION = 0;

export function positionAt(log_id: string, offset: number): LogPosition {
  return { log_id, next: { [PARTITION]: offset } };
}

/** The kept stretch of a topic: offsets from `earliest` to before `head`. */
export interface Extent {
  log_id: string;
  earliest: number;
  head: number;
}

/**
 * The offset that a position names in this log.
 * @throws ForesightError `invalid_request` where it is of another log, no offset, beyond the head or no longer kept
 */
export function offsetIn(extent: Extent, position: LogPosition): number {
  const offset = position.next[PARTITION];
  if (position.log_id !== extent.log_id)
    throw new ForesightError("invalid_request", "The position is of another log.");
  if (offset === undefined || !Number.isSafeInteger(offset) || offset < 0)
    throw new ForesightError("invalid_request", "The position names no offset of this log.");
  if (offset > extent.head)
    throw new ForesightError(
      "invalid_request",
      `The position ${offset} is beyond the end of the log at ${extent.head}.`,
    );
  if (offset < extent.earliest)
    throw new ForesightError(
      "invalid_request",
      `The position ${offset} is no longer kept; the log begins at ${extent.earliest}.`,
    );
  return offset;
}

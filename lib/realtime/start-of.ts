import type { LogPosition } from "../domain/log-position.ts";
import { decodeCursor } from "../protocol/cursor.ts";
import type { ResetReason } from "../protocol/messages.ts";
import { distance, reached } from "./positions.ts";
import type { AnyStream } from "./stream.ts";

/** How a channel's subscription begins: it goes on at a position, or from a snapshot, and why. */
export type Start = { resume: LogPosition } | { reset: ResetReason };

/** Judges the cursor that a client brings. What lies ahead of this instance only is no reason to begin anew. */
export async function startOf(stream: AnyStream, cursor: unknown, most_records: number): Promise<Start> {
  if (cursor === undefined) return { reset: "first" };
  const position = typeof cursor === "string" && cursor.length <= 512 ? decodeCursor(cursor) : undefined;
  if (position === undefined) return { reset: "invalid_cursor" };
  const { source } = stream;
  if (position.log_id !== source.log_id) return { reset: "log_changed" };
  if (!reached(source.position(), position.next)) {
    const head = await source.head();
    if (!reached(head.next, position.next)) return { reset: "beyond_end" };
  }
  if (!stream.remembers(position.next)) {
    const earliest = await source.earliest();
    if (!reached(position.next, earliest.next)) return { reset: "expired" };
    if (distance(position.next, source.position()) > most_records) return { reset: "overflow" };
  }
  return { resume: position };
}

import type { Reading } from "../../lib/domain/reading.ts";
import { formatTimestamp } from "../../lib/domain/time.ts";
import { API_HEADERS } from "./problem.ts";

/** What spreadsheets take for the beginning of a formula (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r]/;

/** A text cell: quoted where RFC 4180 asks for it, and never a formula. */
export function textCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const READING_HEADER = "timestamp,asset_id,sensor_id,sensor_type,value,unit,quality\n";

/** A line of the columns that an upload takes; numbers stay as they are. */
export function readingLine(reading: Reading): string {
  const { timestamp, asset_id, sensor_id, sensor_type, value, unit, quality } = reading;
  const names = `${textCell(asset_id)},${textCell(sensor_id)},${textCell(sensor_type)}`;
  return `${formatTimestamp(timestamp)},${names},${value},${textCell(unit)},${quality}\n`;
}

/** Text that is made while it is sent: the next piece is asked for when the client has taken the last. */
export function streamed(
  pieces: AsyncIterable<string>,
  headers: Record<string, string> & { "Content-Type": string },
): Response {
  const encoder = new TextEncoder();
  const iterator = pieces[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 1 },
  );
  return new Response(body, { headers: { ...API_HEADERS, ...headers } });
}

/** `Content-Disposition` for a download under a name that is safe in a header. */
export function attachment(name: string): string {
  return `attachment; filename="${name.replace(/[^A-Za-z0-9._-]+/g, "_")}"`;
}

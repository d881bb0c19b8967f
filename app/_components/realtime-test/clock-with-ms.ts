import { formatClock } from "../ui/format.ts";

/** "12:34:07.412" in the reader's own time zone. */
export function clockWithMs(at: number): string {
  return `${formatClock(at, true)}.${String(Math.floor(at) % 1000).padStart(3, "0")}`;
}

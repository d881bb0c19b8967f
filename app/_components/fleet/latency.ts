import { formatDuration } from "../ui/format.ts";

/** "18 ms", "1.4 s" */
export function formatLatency(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : formatDuration(ms);
}

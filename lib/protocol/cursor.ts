import type { LogPosition } from "../domain/log-position.ts";

/**
 * A cursor is opaque to clients. It is `<log id>:<partition>:<next offset>`, further partitions after commas:
 * `k3x9f2:0:184221` or `k3x9f2:0:184,1:97`.
 */
export function encodeCursor(position: LogPosition): string {
  const parts = Object.entries(position.next)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([partition, offset]) => `${partition}:${offset}`);
  return `${position.log_id}:${parts.join(",")}`;
}

const CURSOR = /^([A-Za-z0-9_-]{1,64}):(\d{1,6}:\d{1,15}(?:,\d{1,6}:\d{1,15})*)$/;

/** @returns the position, or `undefined` where the text is no cursor */
export function decodeCursor(cursor: string): LogPosition | undefined {
  const match = CURSOR.exec(cursor);
  if (!match) return undefined;
  const next: Record<number, number> = {};
  for (const part of match[2]!.split(",")) {
    const [partition, offset] = part.split(":").map(Number) as [number, number];
    if (partition in next) return undefined;
    next[partition] = offset;
  }
  return { log_id: match[1]!, next };
}

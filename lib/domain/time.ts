/** Milliseconds since 1970-01-01T00:00:00Z. Inside the house every time is one; on the wire it is RFC 3339 UTC. */
export type EpochMs = number;

/** Readings with a timestamp outside these bounds are rejected (`RejectReason`). */
export interface TimestampBounds {
  earliest: EpochMs;
  /** How far ahead of the receiving clock a reading may be, ms. */
  max_ahead_ms: number;
}

export const DEFAULT_TIMESTAMP_BOUNDS: TimestampBounds = {
  earliest: Date.UTC(2000, 0, 1),
  max_ahead_ms: 10 * 60_000,
};

const RFC3339 =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
const EPOCH_MS = /^\d{10,16}$/;
/** The furthest instant that a `Date` can hold (ECMA-262, section "Time Values"); beyond it nothing can be formatted. */
const FURTHEST = 8.64e15;

/** @returns the time of an RFC 3339 date-time or of epoch milliseconds (number or digits), else `undefined`. */
export function parseTimestamp(text: string | number): EpochMs | undefined {
  if (typeof text === "number") return Math.abs(text) <= FURTHEST ? Math.trunc(text) : undefined;
  if (RFC3339.test(text)) {
    const at = Date.parse(text.replace(" ", "T"));
    return Number.isNaN(at) ? undefined : at;
  }
  return EPOCH_MS.test(text) && Number(text) <= FURTHEST ? Number(text) : undefined;
}

export function formatTimestamp(at: EpochMs): string {
  return new Date(at).toISOString();
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `100ms`, `1s`, `10m`, `2h`, `1d` → ms, at least 1; `undefined` where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  const value = match ? Math.round(Number(match[1]) * UNIT_MS[match[2]!]!) : 0;
  return value >= 1 ? value : undefined;
}

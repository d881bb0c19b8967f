import { z } from "zod";
import { type EpochMs, parseTimestamp } from "./time.ts";

/** Wire time (RFC 3339 text or epoch milliseconds) → `EpochMs`. */
export const timestampSchema = z.union([z.string(), z.number()]).transform((value, ctx): EpochMs => {
  const at = parseTimestamp(value);
  if (at === undefined) {
    ctx.addIssue({ code: "custom", message: "expected an RFC 3339 time or epoch milliseconds" });
    return z.NEVER;
  }
  return at;
});

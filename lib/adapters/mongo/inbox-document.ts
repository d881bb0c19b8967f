import { createHash } from "node:crypto";
import { BSON, ObjectId } from "mongodb";
import { z } from "zod";
import type { AlertCommand } from "../../domain/alert-lifecycle.ts";
import { severitySchema } from "../../domain/alert-schema.ts";
import { identifierSchema, tenantIdSchema, wordSchema } from "../../domain/identity-schema.ts";
import { timestampRefusal } from "../../domain/reading.ts";
import { DEFAULT_TIMESTAMP_BOUNDS, type EpochMs } from "../../domain/time.ts";
import { timestampSchema } from "../../domain/timestamp-schema.ts";
import type { InboxDoc } from "./collections.ts";

/** The one form that a foreign program's alert may have (besides MongoDB's own `_id`). */
const inboxSchema = z.strictObject({
  tenant_id: tenantIdSchema,
  asset_id: identifierSchema,
  title: wordSchema(1, 200),
  severity: severitySchema,
  metric_value: z.number().nullable().optional(),
  timestamp: z.union([z.date().transform((date) => date.getTime()), timestampSchema]).optional(),
});

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 24);

/** A name of the document that it keeps however often it is read. */
export function inboxId({ _id }: InboxDoc): string {
  return _id instanceof ObjectId ? _id.toHexString() : digest(BSON.EJSON.stringify({ _id }));
}

/**
 * The command that a document stands for: an alert of its asset and title, which recurs while one is active.
 * @returns the command with its tenant, or why the document is none
 */
export function inboxCommand(
  document: InboxDoc,
  now: EpochMs,
): { tenant_id: string; command: AlertCommand } | { reason: string } {
  const { _id, ...fields } = document;
  const parsed = inboxSchema.safeParse(fields);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const path = issue.path.join(".");
    return { reason: `${path === "" ? "" : `${path}: `}${issue.message}` };
  }
  const { tenant_id, asset_id, title, severity, metric_value = null, timestamp = now } = parsed.data;
  const refusal = timestampRefusal(timestamp, now, DEFAULT_TIMESTAMP_BOUNDS);
  if (refusal !== undefined) return { reason: refusal };
  return {
    tenant_id,
    command: {
      kind: "raise",
      event_id: `inbox:${inboxId(document)}`,
      at: now,
      by: "alerts_inbox",
      rule_id: `inbox:${digest(title)}`,
      asset_id,
      title,
      severity,
      metric_value,
      timestamp,
    },
  };
}

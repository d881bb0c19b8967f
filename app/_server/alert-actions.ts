import { createHash, randomUUID } from "node:crypto";
import type { AlertCommand } from "../../lib/domain/alert-lifecycle.ts";
import { ForesightError } from "../../lib/domain/errors.ts";
import type { App } from "../../lib/runtime/handle.ts";
import { json, notFound } from "./route.ts";
import { toWireDetail } from "./wire.ts";

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

/**
 * The id of an event asked for over HTTP: the same `Idempotency-Key` gives the same id, and an event is done once.
 * @throws ForesightError `invalid_request`
 */
export function eventIdOf(request: Request, kind: string): string {
  const key = request.headers.get("idempotency-key");
  if (key === null) return randomUUID();
  if (!IDEMPOTENCY_KEY.test(key))
    throw new ForesightError(
      "invalid_request",
      "Idempotency-Key must be 1 to 200 printable ASCII characters without blanks.",
    );
  return createHash("sha256").update(`${kind}\0${key}`).digest("base64url");
}

/** Does a person's command to an alert and answers with the alert as it is now. */
export async function actOnAlert(
  app: App,
  tenant_id: string,
  alert_id: string,
  command: AlertCommand,
): Promise<Response> {
  if ((await app.store.alert(tenant_id, alert_id)) === undefined) throw notFound("alert");
  await app.store.execute(tenant_id, [command]);
  return alertAnswer(app, tenant_id, alert_id);
}

export async function alertAnswer(
  app: App,
  tenant_id: string,
  alert_id: string,
  status = 200,
): Promise<Response> {
  const found = await app.store.alert(tenant_id, alert_id);
  if (found === undefined) throw notFound("alert");
  return json(toWireDetail(found), status);
}

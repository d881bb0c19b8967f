import { isOwnOrigin } from "../../lib/auth/request-origin.ts";
import { ForesightError } from "../../lib/domain/errors.ts";
import { may, type Principal } from "../../lib/domain/identity.ts";
import type { App } from "../../lib/runtime/handle.ts";
import type { Contract } from "./contract.ts";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
/** Requests of one credential; ingest has a bound of its own, by bytes. */
const RATE = { points: 3_000, per_s: 10 } as const;

/**
 * Verifies who asks: programs by `Authorization`, browsers by their session's cookie, and then on an unsafe method
 * only from a page of our own (CSRF).
 * @throws ForesightError `unauthorized`, `forbidden`
 */
export async function identify(app: App, request: Request): Promise<Principal> {
  const authorization = request.headers.get("authorization") ?? undefined;
  if (authorization !== undefined) return app.authenticator.authenticate({ authorization });
  const cookie = request.headers.get("cookie") ?? undefined;
  const principal = await app.authenticator.authenticate(cookie === undefined ? {} : { cookie });
  // ALLOWED_ORIGINS lets pages open sockets, no more.
  if (!SAFE.has(request.method) && !isOwnOrigin(request.headers, { ...app.config, allowed_origins: [] }))
    throw new ForesightError("forbidden", "The request does not come from a page of this server.");
  return principal;
}

/** @throws ForesightError `forbidden`, `rate_limited` */
export async function authorise(
  app: App,
  principal: Principal,
  permission: Contract["permission"],
): Promise<void> {
  const needed = permission === "signed_in" || permission === "open" ? undefined : permission;
  if (needed !== undefined && !may(principal.role, needed))
    throw new ForesightError("forbidden", `The role ${principal.role} may not do this.`);
  if (permission === "ingest") return;
  const { allowed, retry_after_s } = await app.shared.consume("api", principal.credential_id, RATE);
  if (!allowed)
    throw new ForesightError("rate_limited", "Too many requests; wait a little.", { retry_after_s });
}

import { createHash, randomBytes } from "node:crypto";
import type { Principal } from "../domain/identity.ts";
import type { EpochMs } from "../domain/time.ts";
import type { SharedState } from "../ports/shared-state.ts";
import type { Clock } from "../ports/system.ts";

export const TICKET_TTL_MS = 30_000;

/** Only the hash is kept, so that who reads the shared state has no ticket. */
export function hashTicket(ticket: string): string {
  return createHash("sha256").update(ticket).digest("base64url");
}

/** @returns a ticket that opens one socket as `principal` within 30 s */
export async function mintTicket(
  { shared, clock }: { shared: Pick<SharedState, "putTicket">; clock: Clock },
  principal: Principal,
): Promise<{ ticket: string; expires_at: EpochMs }> {
  const ticket = randomBytes(32).toString("base64url");
  const expires_at = Math.min(clock.now() + TICKET_TTL_MS, principal.expires_at);
  await shared.putTicket(hashTicket(ticket), principal, expires_at);
  return { ticket, expires_at };
}

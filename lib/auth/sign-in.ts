import { z } from "zod";
import { ForesightError } from "../domain/errors.ts";
import type { AccountStore } from "../ports/store.ts";
import type { Clock } from "../ports/system.ts";
import type { LoginThrottle } from "./login-throttle.ts";
import { PASSWORD_LENGTH, verifyPassword } from "./passwords.ts";
import { SESSION_TTL_MS, type SessionClaims } from "./session-cookie.ts";

const credentialsSchema = z.object({ username: z.string().min(1).max(200), password: z.string().min(1) });

export interface SignInDependencies {
  store: Pick<AccountStore, "user" | "addSession">;
  throttle: LoginThrottle;
  clock: Clock;
  ids: () => string;
}

/**
 * Checks a user name and a password and begins a session.
 * @throws ForesightError `invalid_request` (password beyond the longest allowed), `rate_limited` with
 *   `retry_after_s`, and `unauthorized` alike for an unknown user, a disabled one, a wrong password and what is no text
 */
export async function signIn(
  { store, throttle, clock, ids }: SignInDependencies,
  credentials: unknown,
  address: string,
): Promise<SessionClaims> {
  const parsed = credentialsSchema.safeParse(credentials);
  if (!parsed.success) throw wrong();
  const { password } = parsed.data;
  const username = parsed.data.username.trim();
  if (password.length > PASSWORD_LENGTH.most)
    throw new ForesightError("invalid_request", `A password has at most ${PASSWORD_LENGTH.most} characters.`);
  const retry_after_s = await throttle.take(username, address);
  if (retry_after_s !== undefined)
    throw new ForesightError("rate_limited", `Too many failed sign-ins. Try again in ${retry_after_s} s.`, {
      retry_after_s,
    });
  const user = await store.user(username);
  const right = await verifyPassword(user?.password_hash, password);
  if (!right || user === undefined || user.disabled) throw wrong();
  await throttle.giveBack(username, address);
  const claims: SessionClaims = {
    session_id: ids(),
    username: user.username,
    tenant_id: user.tenant_id,
    role: user.role,
    expires_at: clock.now() + SESSION_TTL_MS,
  };
  const { role: _, ...session } = claims;
  await store.addSession(session);
  return claims;
}

function wrong(): ForesightError {
  return new ForesightError("unauthorized", "The user name or the password is wrong.");
}

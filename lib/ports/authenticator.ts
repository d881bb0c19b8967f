import type { Principal } from "../domain/identity.ts";

/** What a request or a handshake brings; the first that is present counts, in this order. */
export interface Credentials {
  /** `Authorization` header: `Bearer <token>`. */
  authorization?: string;
  /** `?token=` or `auth.token`. */
  token?: string;
  /** `?ticket=` or `auth.ticket`: single use. */
  ticket?: string;
  /** `Cookie` header with the session's cookie. */
  cookie?: string;
}

export interface Authenticator {
  /** @throws ForesightError `unauthorized`; the message never tells which part was wrong */
  authenticate(credentials: Credentials): Promise<Principal>;
  /** The subset of these credential ids that no longer count. */
  revoked(credential_ids: string[]): Promise<Set<string>>;
}

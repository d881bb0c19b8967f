import type { Principal } from "../domain/identity.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Service } from "./system.ts";

/** What web instances share and what is not in the log or the store: tickets and rate limits. */
export interface SharedState extends Service {
  putTicket(ticket_hash: string, principal: Principal, expires_at: EpochMs): Promise<void>;
  /** A ticket works once anywhere. */
  takeTicket(ticket_hash: string, now: EpochMs): Promise<Principal | undefined>;
  /** Counts `points` against `key`. */
  consume(
    bucket: string,
    key: string,
    limit: { points: number; per_s: number },
    points?: number,
  ): Promise<{ allowed: boolean; retry_after_s: number }>;
}

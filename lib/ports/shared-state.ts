import type { Principal } from "../domain/identity.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Service } from "./system.ts";

/** What web instances share and what is not in the log or the store: tickets, limits and who is connected. */
export interface SharedState extends Service {
  /** @throws ForesightError `unavailable` where the shared place cannot be reached */
  putTicket(ticket_hash: string, principal: Principal, expires_at: EpochMs): Promise<void>;
  /** A ticket works once anywhere. @throws ForesightError `unavailable` */
  takeTicket(ticket_hash: string, now: EpochMs): Promise<Principal | undefined>;
  /** Counts `points` against `key`. */
  consume(
    bucket: string,
    key: string,
    limit: { points: number; per_s: number },
    points?: number,
  ): Promise<{ allowed: boolean; retry_after_s: number }>;
  /**
   * Takes one of the `most` places that a user's open sockets have on all instances together. The places of an
   * instance that died are free again after its lease, 15 s at most.
   * @returns false where all are taken
   */
  takePlace(user: string, most: number): Promise<boolean>;
  /** Gives a place of this instance back. */
  leavePlace(user: string): Promise<void>;
  /** Tells every instance that credentials were revoked; best effort, since each also looks every second. */
  announceRevocation(): Promise<void>;
  /** Calls back where any instance announced a revocation. */
  onRevocation(listener: () => void): () => void;
  /** `ok: false` says what does not hold while the shared place cannot be reached. */
  state(): { ok: boolean; detail: string };
}

import { createHash } from "node:crypto";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Principal } from "../../domain/identity.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { SharedState } from "../../ports/shared-state.ts";
import type { Clock } from "../../ports/system.ts";

/** Tickets live for seconds; whoever mints more than this in them loses the oldest. */
const MOST_TICKETS = 100_000;
/** Of one bucket in one window. Further keys share slots, so that inventing keys costs no memory and gains nothing. */
const MOST_KEYS = 50_000;
const SHARED_SLOTS = 1_024;

interface Bucket {
  limiter: RateLimiterMemory;
  window_ms: number;
  window_start: EpochMs;
  /** Keys that were new in this window. */
  keys: number;
}

/**
 * Tickets, limits and places of a single process. Tickets go by the given times; the limits count in fixed windows that
 * begin with a key's first use and go by the machine's own timers (rate-limiter-flexible takes no other clock).
 */
export function createInProcessSharedState({ clock }: { clock: Clock }): SharedState {
  const tickets = new Map<string, { principal: Principal; expires_at: EpochMs }>();
  const buckets = new Map<string, Bucket>();
  const places = new Map<string, number>();
  const listeners = new Set<() => void>();

  function bucketOf(name: string, { points, per_s }: { points: number; per_s: number }): Bucket {
    const id = JSON.stringify([name, points, per_s]);
    let bucket = buckets.get(id);
    if (bucket === undefined) {
      bucket = {
        limiter: new RateLimiterMemory({ keyPrefix: "", points, duration: per_s }),
        window_ms: per_s * 1_000,
        window_start: clock.now(),
        keys: 0,
      };
      buckets.set(id, bucket);
    }
    return bucket;
  }

  async function slotOf(bucket: Bucket, key: string): Promise<string> {
    const now = clock.now();
    if (now - bucket.window_start >= bucket.window_ms) {
      bucket.window_start = now;
      bucket.keys = 0;
    }
    if (bucket.keys < MOST_KEYS || (await bucket.limiter.get(`key:${key}`)) !== null) return `key:${key}`;
    return `slot:${createHash("sha256").update(key).digest().readUInt32LE() % SHARED_SLOTS}`;
  }

  return {
    async putTicket(ticket_hash, principal, expires_at) {
      const now = clock.now();
      // Oldest first, and all live about as long: the expired ones are at the front.
      for (const [hash, ticket] of tickets) {
        if (ticket.expires_at > now && tickets.size < MOST_TICKETS) break;
        tickets.delete(hash);
      }
      tickets.set(ticket_hash, { principal, expires_at });
    },
    async takeTicket(ticket_hash, now) {
      const ticket = tickets.get(ticket_hash);
      tickets.delete(ticket_hash);
      return ticket !== undefined && ticket.expires_at > now ? ticket.principal : undefined;
    },
    async consume(name, key, limit, points = 1) {
      const bucket = bucketOf(name, limit);
      try {
        const result = await bucket.limiter.consume(await slotOf(bucket, key), points);
        if (result.isFirstInDuration) bucket.keys++;
        return { allowed: true, retry_after_s: 0 };
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        return { allowed: false, retry_after_s: Math.max(1, Math.ceil(refused.msBeforeNext / 1_000)) };
      }
    },
    async takePlace(user, most) {
      const taken = places.get(user) ?? 0;
      if (taken >= most) return false;
      places.set(user, taken + 1);
      return true;
    },
    async leavePlace(user) {
      const rest = (places.get(user) ?? 0) - 1;
      if (rest > 0) places.set(user, rest);
      else places.delete(user);
    },
    async announceRevocation() {
      for (const listener of listeners) listener();
    },
    onRevocation(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => ({ ok: true, detail: "in this process" }),
    async start() {},
    async stop() {
      tickets.clear();
      buckets.clear();
      places.clear();
    },
  };
}

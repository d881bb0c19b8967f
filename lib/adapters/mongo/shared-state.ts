import type { Db } from "mongodb";
import { RateLimiterMongo, RateLimiterRes } from "rate-limiter-flexible";
import { ForesightError } from "../../domain/errors.ts";
import type { Principal } from "../../domain/identity.ts";
import type { SharedState } from "../../ports/shared-state.ts";
import type { Clock, Logger, Metrics } from "../../ports/system.ts";
import { FORGET_S, type PlacesDocument, RENEW_EVERY_MS, SharedPlaces } from "./shared-places.ts";

export const SHARED_COLLECTIONS = {
  tickets: "tickets",
  limits: "rate_limits",
  places: "socket_places",
} as const;

interface TicketDocument {
  _id: string;
  principal: Principal;
  expires_at: Date;
}

export interface MongoSharedStateOptions {
  /** Asked for at `start`, of a client that is connected before it and closed after `stop`. */
  db: () => Db;
  /** Identity of this process among the instances; new at each start. */
  instance: string;
  /** What the limits fall back to while MongoDB is away. */
  fallback: Pick<SharedState, "consume" | "start" | "stop">;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

/**
 * Tickets, limits and places in MongoDB, for instances that share no Redis. News of revocations stay in the process:
 * the other instances find them in the store within a second.
 */
export function createMongoSharedState(options: MongoSharedStateOptions): SharedState {
  const { instance, fallback, clock, logger, metrics } = options;
  let open: ReturnType<typeof collectionsOf> | undefined;
  const running = () => {
    if (open === undefined) throw new Error("not started");
    return open;
  };
  const collectionsOf = (db: Db) => {
    const sockets = db.collection<PlacesDocument>(SHARED_COLLECTIONS.places);
    return {
      db,
      tickets: db.collection<TicketDocument>(SHARED_COLLECTIONS.tickets, {
        writeConcern: { w: "majority" },
      }),
      limits: db.collection(SHARED_COLLECTIONS.limits),
      sockets,
      places: new SharedPlaces(sockets, instance, () => clock.now()),
    };
  };
  const limiters = new Map<string, RateLimiterMongo>();
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let failure: string | undefined;

  /** @throws Error as the driver does */
  async function ask<T>(what: () => Promise<T>): Promise<T> {
    try {
      const answer = await what();
      failure = undefined;
      return answer;
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  async function askForTicket<T>(what: () => Promise<T>): Promise<T> {
    try {
      return await ask(what);
    } catch (error) {
      throw new ForesightError(
        "unavailable",
        "Tickets cannot be made or taken now, since MongoDB does not answer; try again.",
        { retry_after_s: 2, cause: error },
      );
    }
  }

  function limiterOf(bucket: string, { points, per_s }: { points: number; per_s: number }): RateLimiterMongo {
    const keyPrefix = `${bucket}:${points}/${per_s}`;
    let limiter = limiters.get(keyPrefix);
    if (limiter === undefined) {
      limiter = new RateLimiterMongo({
        storeClient: running().db,
        tableName: SHARED_COLLECTIONS.limits,
        disableIndexesCreation: true,
        keyPrefix,
        points,
        duration: per_s,
      });
      limiters.set(keyPrefix, limiter);
    }
    return limiter;
  }

  return {
    putTicket: (ticket_hash, principal, expires_at) =>
      askForTicket(async () => {
        await running().tickets.insertOne({ _id: ticket_hash, principal, expires_at: new Date(expires_at) });
      }),
    takeTicket: (ticket_hash, now) =>
      askForTicket(async () => {
        const ticket = await running().tickets.findOneAndDelete({ _id: ticket_hash });
        return ticket !== null && ticket.expires_at.getTime() > now ? ticket.principal : undefined;
      }),
    async consume(bucket, key, limit, points = 1) {
      try {
        await limiterOf(bucket, limit).consume(key, points);
        return { allowed: true, retry_after_s: 0 };
      } catch (refused) {
        if (refused instanceof RateLimiterRes)
          return { allowed: false, retry_after_s: Math.max(1, Math.ceil(refused.msBeforeNext / 1_000)) };
        metrics.increment("foresight_limits_in_process_total", { bucket });
        return fallback.consume(bucket, key, limit, points);
      }
    },
    async takePlace(user, most) {
      const { places } = running();
      if (!places.has(user, most)) return false;
      try {
        return await ask(() => places.take(user, most));
      } catch {
        places.takeHere(user);
        return true;
      }
    },
    // The lease ends what could not be given back.
    leavePlace: (user) => ask(() => running().places.leave(user)),
    async announceRevocation() {
      for (const listener of listeners) listener();
    },
    onRevocation(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () =>
      failure === undefined
        ? { ok: true, detail: "MongoDB" }
        : {
            ok: false,
            detail: `MongoDB does not answer: no new tickets, limits count in this process alone`,
          },
    async start() {
      if (timer !== undefined) return;
      await fallback.start();
      open = collectionsOf(options.db());
      const { tickets, limits, sockets, places } = open;
      await Promise.all([
        tickets.createIndex({ expires_at: 1 }, { expireAfterSeconds: 0 }),
        limits.createIndex({ key: 1 }, { unique: true }),
        limits.createIndex({ expire: 1 }, { expireAfterSeconds: 0 }),
        sockets.createIndex({ "places.instance": 1 }),
        sockets.createIndex({ touched: 1 }, { expireAfterSeconds: FORGET_S }),
      ]);
      timer = setInterval(() => {
        ask(() => places.renew()).catch((error: Error) =>
          logger.warn({ error: error.message }, "the lease of this instance's sockets was not renewed"),
        );
      }, RENEW_EVERY_MS);
    },
    async stop() {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      await running()
        .places.leaveAll()
        .catch(() => undefined);
      await fallback.stop();
    },
  };
}

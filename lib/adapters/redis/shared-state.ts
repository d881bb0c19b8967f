import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { ForesightError } from "../../domain/errors.ts";
import type { Principal } from "../../domain/identity.ts";
import type { SharedState } from "../../ports/shared-state.ts";
import type { Clock, Logger, Metrics } from "../../ports/system.ts";
import { openRedis } from "./connection.ts";
import { Places } from "./places.ts";

/** A start does not wait longer for Redis: whoever restarts while it is away serves what does not need it. */
const WAIT_AT_START_MS = 2_000;

export interface RedisSharedStateOptions {
  url: string;
  /** Identity of this process among the instances; new at each start. */
  instance: string;
  /** What the limits fall back to while Redis is away. */
  fallback: Pick<SharedState, "consume" | "start" | "stop">;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Begins every key and channel. */
  prefix?: string;
}

/**
 * Tickets, limits, places and news of revocations over Redis (6.2 or newer, one server or a replicated one). While
 * it is away no ticket is made or taken (`unavailable`), limits and places count in this process alone.
 */
export function createRedisSharedState(options: RedisSharedStateOptions): SharedState {
  const { fallback, clock, logger, metrics, prefix = "foresight:" } = options;
  const listeners = new Set<() => void>();
  const channel = `${prefix}revocations`;
  const commands = openRedis(options.url, logger, "commands", () => {
    metrics.gauge("foresight_redis_up", 1);
    void places.renew();
  });
  const news = openRedis(options.url, logger, "news", () => {
    news.client.subscribe(channel).catch((error: Error) => {
      logger.warn({ error: error.message }, "news of revocations could not be subscribed to");
      news.client.disconnect(true);
    });
    // What was said while nobody listened.
    tell();
  });
  const places = new Places(commands, prefix, options.instance, () => clock.now());
  const limiters = new Map<string, RateLimiterRedis>();
  let running = false;

  const tell = () => {
    for (const listener of listeners) listener();
  };
  news.client.on("message", tell);
  commands.client.on("close", () => metrics.gauge("foresight_redis_up", 0));

  async function ask<T>(what: () => Promise<T>): Promise<T> {
    try {
      if (!commands.ready) throw new Error("not connected");
      return await what();
    } catch (error) {
      throw new ForesightError(
        "unavailable",
        "Tickets cannot be made or taken now, since Redis does not answer; try again.",
        { retry_after_s: 2, cause: error },
      );
    }
  }

  function limiterOf(bucket: string, { points, per_s }: { points: number; per_s: number }): RateLimiterRedis {
    const keyPrefix = `${prefix}limit:${bucket}:${points}/${per_s}`;
    let limiter = limiters.get(keyPrefix);
    if (limiter === undefined) {
      limiter = new RateLimiterRedis({
        storeClient: commands.client,
        keyPrefix,
        points,
        duration: per_s,
        rejectIfRedisNotReady: true,
      });
      limiters.set(keyPrefix, limiter);
    }
    return limiter;
  }

  return {
    putTicket: (ticket_hash, principal, expires_at) =>
      ask(async () => {
        const ttl = expires_at - clock.now();
        if (ttl > 0)
          await commands.client.set(
            `${prefix}ticket:${ticket_hash}`,
            JSON.stringify({ principal, expires_at }),
            "PX",
            ttl,
          );
      }),
    takeTicket: (ticket_hash, now) =>
      ask(async () => {
        const text = await commands.client.getdel(`${prefix}ticket:${ticket_hash}`);
        if (text === null) return undefined;
        const { principal, expires_at } = JSON.parse(text) as { principal: Principal; expires_at: number };
        return expires_at > now ? principal : undefined;
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
    takePlace: (user, most) => places.take(user, most),
    leavePlace: (user) => places.leave(user),
    async announceRevocation() {
      if (commands.ready)
        try {
          await commands.client.publish(channel, "");
          return;
        } catch {
          // told here, and found by the others' next look
        }
      tell();
    },
    onRevocation(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () =>
      commands.ready
        ? { ok: true, detail: "Redis" }
        : {
            ok: false,
            detail:
              "Redis does not answer: no new tickets, limits and sockets a user are counted in this process alone",
          },
    async start() {
      if (running) return;
      running = true;
      await fallback.start();
      await Promise.all([commands.start(WAIT_AT_START_MS), news.start(WAIT_AT_START_MS)]);
      await places.start();
    },
    async stop() {
      if (!running) return;
      running = false;
      await places.stop();
      commands.stop();
      news.stop();
      await fallback.stop();
    },
  };
}

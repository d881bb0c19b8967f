import { Redis, type RedisOptions } from "ioredis";
import type { Logger } from "../../ports/system.ts";

/** Silence of so long is a connection that is gone, however open it looks. */
const ANSWER_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 1_000;
const RECONNECT_MOST_MS = 1_000;

export interface RedisConnection {
  client: Redis;
  readonly ready: boolean;
  /** Resolves when Redis answers, or after `within_ms`: whoever starts does not wait for it. */
  start(within_ms: number): Promise<void>;
  stop(): void;
}

/**
 * One connection that says at once when Redis is gone, instead of queueing commands for later, and comes back by
 * itself: after a break by reconnecting, in a black hole by being dropped when a ping goes unanswered.
 */
export function openRedis(url: string, logger: Logger, name: string, whenReady: () => void): RedisConnection {
  const options: RedisOptions = {
    lazyConnect: true,
    connectionName: `foresight-${name}`,
    connectTimeout: 2_000,
    commandTimeout: ANSWER_WITHIN_MS,
    enableOfflineQueue: false,
    // A command that was cut off may have been done: its caller learns that it failed, and it is not sent again.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(RECONNECT_MOST_MS, 50 * 2 ** times),
  };
  const client = new Redis(url, options);
  let answering = false;
  let told = false;
  let look: NodeJS.Timeout | undefined;
  let last = "";

  const gone = (why: string) => {
    if (answering || !told) logger.warn({ connection: name, error: why }, "Redis cannot be reached");
    answering = false;
    told = true;
  };
  client.on("error", (error: Error) => {
    last = error.message;
  });
  client.on("close", () => gone(last || "the connection was closed"));
  client.on("ready", () => {
    if (told) logger.info({ connection: name }, "Redis answers again");
    answering = true;
    told = false;
    last = "";
    whenReady();
  });

  async function ping(): Promise<void> {
    if (client.status !== "ready") return;
    try {
      await client.ping();
    } catch (error) {
      if (client.status !== "ready") return;
      gone(error instanceof Error ? error.message : String(error));
      client.disconnect(true);
    }
  }

  return {
    client,
    get ready() {
      return answering && client.status === "ready";
    },
    async start(within_ms) {
      look ??= setInterval(() => void ping(), LOOK_EVERY_MS);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, within_ms);
      });
      const ready = new Promise<void>((resolve) => client.once("ready", () => resolve()));
      client.connect().catch((error: Error) => gone(error.message));
      await Promise.race([ready, late]);
      clearTimeout(timer);
    },
    stop() {
      clearInterval(look);
      client.removeAllListeners("close");
      client.disconnect();
    },
  };
}

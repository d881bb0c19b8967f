import type { LogPosition } from "../../domain/log-position.ts";
import type { LogBatch, Subscription, Topic } from "../../ports/event-log.ts";
import type { Logger, Metrics } from "../../ports/system.ts";
import type { BadRecord, Sorted } from "./batches.ts";
import {
  type Fetched,
  KafkaError,
  OFFSET_OUT_OF_RANGE,
  type Offsets,
  type TopicReader,
} from "./topic-reader.ts";

export interface SubscriptionParts<T extends Topic> {
  topic: T;
  /** For this subscription alone: a fetch that waits holds its connection. */
  reader: TopicReader;
  log_id: string;
  sort(fetched: Fetched): Sorted<T>;
  handler(batches: LogBatch<T>[], position: LogPosition): void | Promise<void>;
  /** Resolves when the bad records are where they belong; the position does not pass them before. */
  bad(records: BadRecord[]): Promise<void>;
  logger: Logger;
  metrics: Metrics;
  /** Whether partitions that the topic gets later are read as well. */
  all_partitions: boolean;
}

const WAIT_MS = 1_000;
const RETRY_MS = { first: 100, most: 5_000 };
/** A partition that is behind its head and does not move for so long gets a new connection. */
const STALLED_MS = 20_000;

/**
 * Reads on from its own positions, each leader of partitions at its own pace, and hands over one call at a time.
 * Whatever fails is tried again on a new connection: what has been handed over completely is never asked for again.
 */
export function followTopic<T extends Topic>(parts: SubscriptionParts<T>, from: Offsets): Subscription {
  const { reader, topic, log_id, logger, metrics } = parts;
  let next = { ...from };
  let stopped = false;
  let round = 0;
  const wakes = new Set<() => void>();
  let handing: Promise<unknown> = Promise.resolve();
  let moved_at = performance.now();

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        wakes.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      wakes.add(wake);
    });

  /** Repeats `work` until it succeeds or nobody waits for it any more. @returns whether it has succeeded */
  async function persist(what: string, work: () => void | Promise<void>): Promise<boolean> {
    for (let wait = RETRY_MS.first; !stopped; wait = Math.min(wait * 2, RETRY_MS.most)) {
      try {
        await work();
        return true;
      } catch (error) {
        logger.warn(
          { topic, error: error instanceof Error ? error.message : String(error) },
          `${what} failed`,
        );
        await pause(wait);
      }
    }
    return false;
  }

  async function hand(fetched: Fetched[]): Promise<void> {
    const batches: LogBatch<T>[] = [];
    const bad: BadRecord[] = [];
    const reached: Offsets = {};
    for (const one of fetched) {
      // Of a round that was given up meanwhile.
      if (one.next_offset <= (next[one.partition] ?? 0)) continue;
      const sorted = parts.sort(one);
      batches.push(...sorted.batches);
      bad.push(...sorted.bad);
      reached[one.partition] = one.next_offset;
    }
    if (Object.keys(reached).length === 0) return;
    if (bad.length > 0 && !(await persist("putting records aside", () => parts.bad(bad)))) return;
    const after = { ...next, ...reached };
    const position: LogPosition = { log_id, next: after };
    if (await persist("a handler of the log", () => parts.handler(batches, position))) {
      next = after;
      moved_at = performance.now();
    }
  }

  /** One call at a time, whoever has fetched. */
  function inTurn(fetched: Fetched[]): Promise<void> {
    const turn = handing.then(() => (stopped ? undefined : hand(fetched)));
    handing = turn;
    return turn;
  }

  /** Resolves when it has been stopped or the round is over; fails with its connection. */
  async function follow(leader: number, partitions: number[], own_round: number): Promise<void> {
    const ahead: Offsets = {};
    for (const partition of partitions) ahead[partition] = next[partition]!;
    const fetch = () => {
      const fetching = reader.fetch(leader, { ...ahead }, { wait_ms: WAIT_MS });
      // Looked at in its turn; until then a failure is nobody's.
      fetching.catch(() => undefined);
      return fetching;
    };
    // The next stretch is on its way while this one is handed over.
    let fetching = fetch();
    while (!stopped && round === own_round) {
      const fetched = await fetching;
      if (stopped || round !== own_round) return;
      for (const { partition, next_offset } of fetched) ahead[partition] = next_offset;
      fetching = fetch();
      await inTurn(fetched);
    }
  }

  /** Goes on where records begin again, when retention has overtaken this reader. */
  async function skipRemoved(): Promise<void> {
    const { next: earliest } = await reader.earliest();
    for (const [partition, offset] of Object.entries(next)) {
      const first = earliest[Number(partition)] ?? 0;
      if (offset >= first) continue;
      logger.error(
        { topic, partition, offset, earliest: first },
        "records were removed before they were read",
      );
      next = { ...next, [partition]: first };
    }
  }

  async function run(): Promise<void> {
    for (let wait = RETRY_MS.first; !stopped; ) {
      round += 1;
      const own_round = round;
      try {
        const led = await reader.leaders();
        const known = [...led.values()].flat();
        if (parts.all_partitions) for (const partition of known) next[partition] ??= 0;
        const begun = performance.now();
        const follows = [...led].flatMap(([leader, partitions]) => {
          const own = partitions.filter((partition) => partition in next);
          return own.length === 0 ? [] : [follow(leader, own, own_round)];
        });
        // Each ends only by failing; new partitions are looked for meanwhile. The first that ends ends the round.
        const ends = [...follows, lookAgain(known.length, own_round)];
        for (const one of ends) one.catch(() => undefined);
        await Promise.race(ends);
        round += 1;
        if (performance.now() - begun > 10_000) wait = RETRY_MS.first;
      } catch (error) {
        round += 1;
        if (stopped) return;
        metrics.increment("foresight_kafka_reconnects_total", { topic });
        logger.warn(
          { topic, error: error instanceof Error ? error.message : String(error) },
          "reading failed",
        );
        await reader.disconnect();
        if (error instanceof KafkaError && error.error_code === OFFSET_OUT_OF_RANGE)
          await skipRemoved().catch(() => undefined);
        await pause(wait);
        wait = Math.min(wait * 2, RETRY_MS.most);
      }
    }
  }

  /** Resolves when the topic has more partitions. @throws Error where there is a lag and no progress */
  async function lookAgain(known: number, own_round: number): Promise<void> {
    while (!stopped && round === own_round) {
      await pause(STALLED_MS / 2);
      if (stopped || round !== own_round) return;
      if (parts.all_partitions && (await reader.partitions()).length !== known) return;
      const { next: head } = await reader.head();
      const lags = Object.entries(next).some(([partition, at]) => (head[Number(partition)] ?? 0) > at);
      if (!lags) moved_at = performance.now();
      else if (performance.now() - moved_at > STALLED_MS && !busy)
        throw new Error("There is something to read and nothing comes.");
    }
  }
  /** A handler that takes long is no stalled connection. */
  let busy = false;
  const handler = parts.handler;
  parts.handler = async (batches, position) => {
    busy = true;
    try {
      await handler(batches, position);
    } finally {
      busy = false;
    }
  };

  const running = run();
  return {
    position: () => ({ log_id, next }),
    async stop() {
      if (stopped) return;
      stopped = true;
      round += 1;
      for (const wake of [...wakes]) wake();
      // A fetch that waits ends with its connection.
      await reader.disconnect();
      await handing;
      await running;
    },
  };
}

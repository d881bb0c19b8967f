import { ForesightError } from "../../domain/errors.ts";
import type { LogPosition } from "../../domain/log-position.ts";
import type { Reading } from "../../domain/reading.ts";
import { encodeReadingBlock } from "../../domain/reading-block.ts";
import type { AppendResult, EventLog, Topic } from "../../ports/event-log.ts";
import type { Clock, Logger, Metrics } from "../../ports/system.ts";
import { GroupCommit } from "./group-commit.ts";
import { decodeStretch, type ReadResult } from "./log-decode.ts";
import { PARTITION, positionAt } from "./log-position.ts";
import { Signal, Subscriptions, subscribeTo, type TopicSource } from "./log-subscription.ts";
import type { Append, Appended } from "./log-table.ts";
import { LogTail } from "./log-tail.ts";
import type { LogWorkerData, LogWorkerEvent, LogWorkerMethods } from "./log-worker.ts";
import { type News, openNews } from "./news.ts";
import type { Stretch } from "./topic-files.ts";
import { type Connection, connect, spawnWorker, transfer } from "./worker-rpc.ts";

export interface EmbeddedLogOptions {
  data_dir: string;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Readings older than this are removed. */
  retention_ms: number;
  /** What must be kept however old it is: from this position on. */
  keep_after?: () => Promise<LogPosition>;
  trim_every_ms?: number;
  /** Bytes, about, that may wait for the disk before `append` is refused. */
  max_pending_bytes?: number;
}

/** Readings in one stored row; a larger append takes several in the same transaction. */
const ROW_READINGS = 8_192;
/** What one reading takes in memory, about, while its append waits. */
const READING_BYTES = 128;
const MAX_PENDING_BYTES = 64 * 1024 * 1024;
/** One transaction takes so much at most, so that nobody waits long for it. */
const MAX_GROUP_BYTES = 16 * 1024 * 1024;
const TRIM_EVERY_MS = 60_000;
const KEYS_KEPT_MS = 24 * 3_600_000;
const RESTART_MS = { first: 100, most: 5_000 };

interface PendingAppend extends Append {
  readings: Reading[];
}

/**
 * The event log of one machine: SQLite in a worker thread, every append durable before it resolves, and readers
 * that are caught up served from memory. The readings themselves, once
 * appended, are shared with them and must not be changed.
 */
export function createEmbeddedLog(options: EmbeddedLogOptions): EventLog {
  const { data_dir, clock, logger, metrics } = options;
  const signals = { sensor_readings: new Signal(), health_scores: new Signal() };
  const subscriptions = new Subscriptions();
  let connection: Connection<LogWorkerMethods> | undefined;
  let tail: LogTail | undefined;
  let news: News | undefined;
  let started: Promise<void> | undefined;
  let stopping = false;
  let restart: NodeJS.Timeout | undefined;
  let trimming: NodeJS.Timeout | undefined;

  function worker() {
    if (connection === undefined)
      throw new ForesightError(
        "unavailable",
        "The event log is not running; it is started again by itself.",
        {
          retry_after_s: 1,
        },
      );
    return connection.remote;
  }

  function newest(): LogTail {
    if (tail === undefined) throw new ForesightError("unavailable", "The event log is not running yet.");
    return tail;
  }

  async function launch(): Promise<void> {
    const data: LogWorkerData = { data_dir };
    const launched = connect<LogWorkerMethods>(spawnWorker("log-worker", data), {
      exited(reason) {
        if (connection === launched) connection = undefined;
        logger.error({ error: reason.message }, "the event log's thread has ended");
        metrics.increment("foresight_log_restarts_total");
        if (!stopping && tail !== undefined) relaunch(RESTART_MS.first);
      },
      event: (topic) => signals[topic as LogWorkerEvent].notify(),
    });
    try {
      const { log_id, head } = await launched.remote.open();
      // A group may have been committed without an answer, so what was in memory is no longer all there is.
      if (tail?.log_id !== log_id || tail.head !== head) tail = new LogTail(log_id, head);
      connection = launched;
      for (const signal of Object.values(signals)) signal.notify();
    } catch (error) {
      await launched.terminate();
      throw error;
    }
  }

  function relaunch(after_ms: number): void {
    restart = setTimeout(() => {
      launch().catch((error: unknown) => {
        logger.error({ error: String(error) }, "the event log could not be opened again");
        if (!stopping) relaunch(Math.min(after_ms * 2, RESTART_MS.most));
      });
    }, after_ms);
  }

  async function commit(appends: PendingAppend[]): Promise<Appended[]> {
    const begun = performance.now();
    const sent = transfer(
      appends.map(({ readings: _, ...append }): Append => append),
      appends.flatMap(({ blocks }) => blocks.map(({ block }) => block.buffer as ArrayBuffer)),
    );
    const results = await worker().append(sent, clock.now());
    const to = newest();
    let accepted = 0;
    for (let i = 0; i < appends.length; i++) {
      const { first_offset, received_at, duplicate } = results[i]!;
      const { tenant_id, readings } = appends[i]!;
      if (duplicate || readings.length === 0) continue;
      to.push({ partition: PARTITION, first_offset, tenant_id, received_at, values: readings });
      accepted += readings.length;
    }
    if (accepted > 0) {
      signals.sensor_readings.notify();
      news?.publish("sensor_readings");
      metrics.increment("foresight_log_appended_total", {}, accepted);
    }
    metrics.observe("foresight_log_commit_seconds", (performance.now() - begun) / 1_000);
    return results;
  }
  const commits = new GroupCommit(commit, {
    waiting: options.max_pending_bytes ?? MAX_PENDING_BYTES,
    group: MAX_GROUP_BYTES,
  });

  const source = <T extends Topic>(topic: T): TopicSource<T> => ({
    signal: signals[topic],
    extent: () => worker().extent(topic),
    async since(at) {
      const offset = await worker().since(topic, at);
      const { log_id } = topic === "sensor_readings" ? newest() : await worker().extent(topic);
      return positionAt(log_id, offset);
    },
    read(from, max_values) {
      if (topic === "sensor_readings" && tail !== undefined && from.log_id === tail.log_id) {
        const offset = from.next[PARTITION];
        const recent = Number.isSafeInteger(offset) ? tail.read(offset!, max_values) : undefined;
        if (recent !== undefined) return recent as ReadResult<T>;
      }
      return worker()
        .read(topic, from, max_values)
        .then((stretch) => decodeStretch[topic](stretch as Stretch<T>, max_values));
    },
  });

  async function trim(): Promise<void> {
    const before = clock.now() - options.retention_ms;
    const keep = await options.keep_after?.();
    const keep_from =
      keep === undefined ? newest().head : keep.log_id === newest().log_id ? keep.next[PARTITION] : 0;
    const keys_before = clock.now() - KEYS_KEPT_MS;
    while (!stopping && (await worker().trim(before, keep_from ?? 0, keys_before)));
  }

  function trimLater(): void {
    trimming = setTimeout(() => {
      trim()
        .catch((error: unknown) => logger.warn({ error: String(error) }, "old readings could not be removed"))
        .finally(() => {
          if (!stopping) trimLater();
        });
    }, options.trim_every_ms ?? TRIM_EVERY_MS);
    trimming.unref();
  }

  return {
    start() {
      started ??= (async () => {
        await launch();
        news = openNews(data_dir);
        news.on("health_scores", () => signals.health_scores.notify());
        trimLater();
      })();
      return started;
    },
    async stop() {
      if (stopping) return;
      stopping = true;
      clearTimeout(trimming);
      clearTimeout(restart);
      await commits.close();
      await subscriptions.stop();
      news?.close();
      await connection?.remote.close().catch(() => undefined);
      await connection?.terminate();
      connection = undefined;
    },
    async append(tenant_id, given, { idempotency_key } = {}): Promise<AppendResult> {
      const { log_id } = newest();
      const readings = given.slice();
      const blocks: Append["blocks"] = [];
      let bytes = readings.length * READING_BYTES;
      // Before the work of encoding what would be refused then.
      commits.admit(bytes);
      for (let i = 0; i < readings.length; i += ROW_READINGS) {
        const part = readings.length <= ROW_READINGS ? readings : readings.slice(i, i + ROW_READINGS);
        const block = encodeReadingBlock(part);
        blocks.push({ count: part.length, block });
        bytes += block.length;
      }
      const pending: PendingAppend = {
        tenant_id,
        readings,
        blocks,
        ...(idempotency_key !== undefined && { idempotency_key }),
      };
      const { first_offset, accepted, received_at, duplicate } = await commits.add(pending, bytes);
      return { position: positionAt(log_id, first_offset + accepted), received_at, duplicate, accepted };
    },
    async head(topic) {
      if (topic === "sensor_readings") return positionAt(newest().log_id, newest().head);
      const { log_id, head } = await worker().extent(topic);
      return positionAt(log_id, head);
    },
    async earliest(topic) {
      const { log_id, earliest } = await worker().extent(topic);
      return positionAt(log_id, earliest);
    },
    read: async (topic, from, max_values) => source(topic).read(from, max_values),
    subscribe: async (topic, start, handler) =>
      subscriptions.add(await subscribeTo(source(topic), topic, start, handler, logger)),
  };
}

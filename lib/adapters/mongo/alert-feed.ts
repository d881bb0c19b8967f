import type { ChangeStream, Document } from "mongodb";
import type { AlertEvent } from "../../domain/alert.ts";
import type { AlertStore } from "../../ports/store.ts";
import type { Clock, Logger, Metrics } from "../../ports/system.ts";
import type { AlertLog } from "./alert-log.ts";
import type { Collections } from "./collections.ts";
import { causeOf, NoAnswer, within } from "./watch-errors.ts";

type Listener = Parameters<AlertStore["onAlertEvents"]>[0];

/** How alert events become known: by a change stream, or by asking each second where the server has none. */
export type FeedMode = "starting" | "change stream" | "polling";

export interface AlertFeed {
  on(listener: Listener): () => void;
  /** There are events of a tenant up to `last_seq`. */
  tell(tenant_id: string, last_seq: number): void;
  mode(): FeedMode;
  stop(): Promise<void>;
}

const POLL_MS = 1_000;
/** Failures one after the other to open a change stream, after which the server is asked instead. */
const MOST_FAILURES = 3;
const OPEN_WITHIN_MS = 3_000;
const CLOSE_WITHIN_MS = 1_000;
/**
 * The driver opens a stream anew by itself after a lost connection; where no event has given it a token yet, what came
 * meanwhile is not in it. The sequence numbers say so, and are looked at this often.
 */
const VERIFY_MS = 5_000;
const RETRY_MS = { first: 200, most: 5_000 };
const TOKEN_EVERY_MS = 1_000;
/** A server without change streams may become a replica set: looked at after so many rounds of asking. */
const TRY_STREAM_EVERY = 60;
const WATCHED = ["insert", "drop", "rename", "dropDatabase", "invalidate"];

/**
 * Tells of new alert events. Runs while someone listens: a change stream that begins where the last one was left (its
 * token is saved), opened again whenever it ends; and each time it begins anew, what the sequence numbers say is there.
 */
export function createAlertFeed(options: {
  collections: Collections;
  log: AlertLog;
  /** Under this name the token is saved: one for each process that watches. */
  name: string;
  clock: Clock;
  logger?: Logger | undefined;
  metrics?: Metrics | undefined;
  /** Called after the watched collection has gone: its indexes went with it. */
  restore(): Promise<void>;
}): AlertFeed {
  const { collections, log, name, clock, logger, metrics, restore } = options;
  const { alert_events, watchers } = collections;
  const listeners = new Set<Listener>();
  const seen = new Map<string, number>();
  let mode: FeedMode = "starting";
  let stream: ChangeStream<AlertEvent, Document> | undefined;
  let running: Promise<void> | undefined;
  let stopping = false;
  let wake: (() => void) | undefined;
  let saved_at = 0;

  const tell = (tenant_id: string, last_seq: number) => {
    if (last_seq <= (seen.get(tenant_id) ?? 0)) return;
    seen.set(tenant_id, last_seq);
    for (const listener of listeners) listener(tenant_id, last_seq);
  };
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** What the sequence numbers say, whatever the stream did. */
  async function backfill(): Promise<void> {
    for (const tenant_id of await log.tenants()) tell(tenant_id, await log.last(tenant_id));
  }

  async function saveToken(token: unknown, at_once = false): Promise<void> {
    if (token === undefined || (!at_once && clock.now() - saved_at < TOKEN_EVERY_MS)) return;
    saved_at = clock.now();
    await watchers.updateOne({ _id: name }, { $set: { token, saved_at } }, { upsert: true });
  }

  /** The numbering may have begun anew with the collection. */
  async function afterLoss(): Promise<void> {
    await watchers.deleteOne({ _id: name });
    await restore();
    for (const tenant_id of seen.keys())
      seen.set(tenant_id, Math.min(seen.get(tenant_id)!, await log.last(tenant_id)));
  }

  /** A server that does not answer anything is another matter than one that does not answer this. */
  async function silenceOf(error: unknown): Promise<never> {
    if (error instanceof NoAnswer) await log.tenants();
    throw error;
  }

  /** Follows one change stream to its end. */
  async function follow(): Promise<void> {
    const token = (await watchers.findOne({ _id: name }))?.token;
    const opened = alert_events.watch<AlertEvent, Document>(
      [{ $match: { operationType: { $in: WATCHED } } }],
      token === undefined ? {} : { resumeAfter: token },
    );
    stream = opened;
    let verifying: NodeJS.Timeout | undefined;
    try {
      // The first question opens it; what came before is found by its numbers, so nothing falls in between.
      const opening = within(OPEN_WITHIN_MS, opened.tryNext());
      let change = (await opening.catch(silenceOf)) as Document | null;
      mode = "change stream";
      await backfill();
      verifying = setInterval(() => void backfill().catch(() => undefined), VERIFY_MS);
      for (; !stopping; change = (await opened.next()) as Document | null) {
        if (change === null) continue;
        if (!WATCHED.includes(change.operationType)) continue;
        if (change.operationType !== "insert") {
          logger?.warn(
            { operation: change.operationType },
            "the alert events were taken away; watching anew",
          );
          metrics?.increment("foresight_alert_watch_reopened_total", { reason: change.operationType });
          await afterLoss();
          return;
        }
        const { tenant_id, seq } = change.fullDocument as AlertEvent;
        tell(tenant_id, seq);
        await saveToken(change._id);
      }
    } finally {
      clearInterval(verifying);
      stream = undefined;
      await within(CLOSE_WITHIN_MS, opened.close()).catch(() => undefined);
    }
  }

  /** @param rounds how often, before a change stream is tried again */
  async function poll(rounds: number): Promise<void> {
    mode = "polling";
    for (let round = 0; !stopping && round < rounds; round++) {
      await backfill();
      await pause(POLL_MS);
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    for (let wait = RETRY_MS.first; !stopping; ) {
      try {
        mode = "starting";
        await follow();
        wait = RETRY_MS.first;
        failures = 0;
      } catch (error) {
        if (stopping) return;
        const cause = causeOf(error);
        metrics?.increment("foresight_alert_watch_reopened_total", { reason: cause });
        try {
          failures = mode === "change stream" ? 0 : failures + 1;
          // Whatever is wrong with change streams here, alerts need not wait for it.
          if (cause === "unsupported" || cause === "silent" || failures >= MOST_FAILURES) {
            // One that did not even refuse holds a connection each time: it is not asked again.
            await poll(cause === "silent" ? Number.POSITIVE_INFINITY : TRY_STREAM_EVERY);
            continue;
          }
          if (cause === "history lost") {
            logger?.warn({}, "the change stream's history is lost; reading on by sequence number");
            await watchers.deleteOne({ _id: name });
          } else logger?.warn({ error: String(error) }, "the change stream ended; opening it again");
        } catch (failed) {
          logger?.warn({ error: String(failed) }, "the alert events cannot be watched now");
        }
        await pause(wait);
        wait = Math.min(wait * 2, RETRY_MS.most);
      }
    }
  }

  async function stop(): Promise<void> {
    stopping = true;
    wake?.();
    if (stream !== undefined) await within(CLOSE_WITHIN_MS, stream.close()).catch(() => undefined);
    await running;
    running = undefined;
    mode = "starting";
  }

  return {
    tell,
    mode: () => mode,
    on(listener) {
      listeners.add(listener);
      stopping = false;
      running ??= run();
      return () => void listeners.delete(listener);
    },
    stop,
  };
}

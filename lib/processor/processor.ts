import { baselineHealthModel } from "../domain/baseline-health-model.ts";
import { isForesightError } from "../domain/errors.ts";
import type { HealthScore } from "../domain/health.ts";
import type { HealthModel } from "../domain/health-model.ts";
import type { LogPosition } from "../domain/log-position.ts";
import type { EventLog, LogBatch, PartitionGroup, Subscription } from "../ports/event-log.ts";
import type { ProcessorEffects, Store } from "../ports/store.ts";
import type { Clock, Logger, Metrics, Service } from "../ports/system.ts";
import { Session, type Unconvertible } from "./session.ts";
import { TenantStates, type TenantStore } from "./tenant-states.ts";

/** What the processor needs of the log: it only reads. */
export type ProcessorLog = Pick<EventLog, "head" | "earliest" | "subscribe">;
export type ProcessorStorePort = TenantStore & Pick<Store, "processorPosition" | "commit">;

export interface Processor extends Service {
  /** Saved position: everything before it is in the store. */
  position(): LogPosition;
  /** Readings that are in the log and not in the store yet. */
  lag(): Promise<number>;
  /** Sensors that a rule could not judge for want of a conversion. */
  unconvertible(): Unconvertible[];
}

/** Times in ms. */
export interface ProcessorPace {
  /** A reading waits so long for its commit, and as long as the last commit took where that was longer … */
  commit_after: number;
  /** … but never longer than this: a large commit costs the store less a reading than many small ones. */
  commit_within: number;
  /** With so many readings waiting the commit comes at once. */
  commit_size: number;
  config_every: number;
  silence_every: number;
  retry_first: number;
  retry_most: number;
}

const PACE: ProcessorPace = {
  commit_after: 200,
  commit_within: 800,
  commit_size: 50_000,
  config_every: 500,
  silence_every: 1_000,
  retry_first: 100,
  retry_most: 5_000,
};

/** Someone else has moved the saved position: what this session holds in memory is no longer true. */
class Fenced extends Error {}
class Stopped extends Error {}

/**
 * The loop from the log to the store: reads on from the saved position, judges by rules and health, and commits
 * readings, alert commands, scores, states and the new position together. Exactly once in effect: a commit counts
 * only from the position that it starts at; where that is not the saved one, everything is loaded again. While the
 * store is full or away it waits and tries the same commit again, and reads no further.
 */
export function createProcessor<H>({
  log,
  store,
  clock,
  logger,
  metrics,
  model,
  pace,
  group,
  publishHealth,
}: {
  log: ProcessorLog;
  store: ProcessorStorePort;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  model?: HealthModel<H>;
  pace?: Partial<ProcessorPace>;
  /** Who has which partitions; without it all are this processor's. It is started and stopped with the processor. */
  group?: PartitionGroup;
  /** Where scores have a log of their own: they are there before they are in the store. @returns the position behind them */
  publishHealth?: (scores: readonly HealthScore[]) => Promise<LogPosition>;
}): Processor {
  const times = { ...PACE, ...pace };
  // The default's state is known to nobody but itself.
  const health = model ?? (baselineHealthModel as unknown as HealthModel<H>);
  let session: Session<H> | undefined;
  let assigned: number[] | undefined = group === undefined ? undefined : [];
  let wanted: number[] = [];
  let subscription: Subscription | undefined;
  let saved: LogPosition = { log_id: "", next: {} };
  let lastCommitMs = 0;
  let stopping = false;
  let wake: (() => void) | undefined;
  let timers: NodeJS.Timeout[] = [];
  let commitTimer: NodeJS.Timeout | undefined;
  /** One thing at a time touches the session's commits, its config and the reopening. */
  let queue: Promise<unknown> = Promise.resolve();
  let queued = { silence: false, config: false };

  function inTurn<R>(work: () => Promise<R>): Promise<R> {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const owns = (partition: number): boolean => assigned === undefined || assigned.includes(partition);

  async function open(): Promise<void> {
    const earliest = await log.earliest("sensor_readings");
    const { log_id } = earliest;
    const position = await store.processorPosition(log_id);
    const tenants = new TenantStates(store, health, logger, log_id);
    await tenants.loadAll();
    const next: Record<number, number> = {};
    const from: Record<number, number> = {};
    for (const [partition, first] of Object.entries(earliest.next)) {
      if (!owns(Number(partition))) continue;
      const offset = position.next[Number(partition)] ?? 0;
      next[Number(partition)] = offset;
      from[Number(partition)] = Math.max(offset, first);
      if (offset < first)
        logger.error({ partition, offset, first }, "the log no longer has readings that were not processed");
    }
    saved = { log_id, next };
    const opened = new Session({ tenants, model: health, clock, logger, metrics }, log_id, next);
    session = opened;
    const partitions = Object.keys(from).map(Number);
    if (partitions.length === 0) return;
    subscription = await log.subscribe(
      "sensor_readings",
      { at: { log_id, next: from } },
      (batches, position) => take(opened, tenants, batches, position),
      assigned === undefined ? {} : { partitions },
    );
  }

  async function take(
    own: Session<H>,
    tenants: TenantStates<H>,
    batches: LogBatch<"sensor_readings">[],
    position: LogPosition,
  ): Promise<void> {
    for (const batch of batches) {
      // A session that was dropped has no say; its subscription is about to end.
      if (session !== own) return;
      const tenant = tenants.known(batch.tenant_id) ?? (await tenants.load(batch.tenant_id));
      if (session !== own) return;
      own.process(batch, tenant);
      if (own.size() >= times.commit_size) await flush();
      else commitSoon();
    }
    if (session !== own) return;
    // What could not be read is behind us as well.
    for (const [partition, next] of Object.entries(position.next)) own.reach(Number(partition), next);
    commitSoon();
  }

  /** Other partitions than before: what has been done is committed, then everything is loaded anew. */
  function assign(partitions: number[]): void {
    // Compared with what was last asked for: the change to that may not have had its turn yet.
    if (String(wanted) === String(partitions)) return;
    wanted = partitions;
    void inTurn(async () => {
      await commitAll();
      assigned = partitions;
      // Before the reopening is in the queue: no handler waits for a flush behind it.
      session = undefined;
      void inTurn(reopen);
    });
  }

  function commitSoon(): void {
    const wait = Math.max(times.commit_after, Math.min(lastCommitMs, times.commit_within));
    commitTimer ??= setTimeout(() => void flush(), wait);
  }

  /** Commits what waits. Never rejects: where it cannot, the session is opened anew. */
  function flush(): Promise<void> {
    clearTimeout(commitTimer);
    commitTimer = undefined;
    return inTurn(commitAll);
  }

  async function commitAll(): Promise<void> {
    try {
      for (const effects of session?.take() ?? []) await commit(effects);
    } catch (error) {
      session = undefined;
      if (error instanceof Stopped) return;
      metrics.increment("foresight_processor_reloads_total");
      if (error instanceof Fenced) logger.warn({}, "another processor was here; loading its state");
      else
        logger.error(
          { error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
          "a commit failed for an unknown reason; loading the saved state",
        );
      // Not awaited: whoever waits for this flush may be the handler that the old subscription waits for.
      void inTurn(reopen);
    }
  }

  async function commit(effects: ProcessorEffects): Promise<void> {
    let health_position: LogPosition | undefined;
    for (let wait = times.retry_first; ; wait = Math.min(wait * 2, times.retry_most)) {
      try {
        const begun = clock.now();
        // Before the store knows them: a score that is only published is published again, one only stored never is.
        if (publishHealth !== undefined && effects.health.length > 0)
          health_position ??= await publishHealth(effects.health);
        const { stored, duplicates, alert_events } = await store.commit(
          health_position === undefined ? effects : { ...effects, health_position },
        );
        saved = { ...saved, next: { ...saved.next, [effects.partition]: effects.next_offset } };
        group?.saved({ log_id: saved.log_id, next: { [effects.partition]: effects.next_offset } });
        lastCommitMs = clock.now() - begun;
        metrics.observe("foresight_processor_commit_seconds", lastCommitMs / 1_000);
        if (stored + duplicates > 0) metrics.increment("foresight_processed_total", {}, stored + duplicates);
        if (duplicates > 0) metrics.increment("foresight_processed_duplicate_total", {}, duplicates);
        if (effects.health.length > 0)
          metrics.increment("foresight_health_scores_total", {}, effects.health.length);
        for (const { kind, alert } of alert_events)
          metrics.increment("foresight_alert_events_total", { kind, severity: alert.severity });
        logger.debug({ stored, duplicates, next: effects.next_offset }, "committed");
        return;
      } catch (error) {
        if (!isForesightError(error)) throw error;
        if (error.code === "conflict") throw new Fenced();
        if (error.code !== "storage_full" && error.code !== "unavailable") throw error;
        metrics.increment("foresight_processor_commit_retries_total", { reason: error.code });
        logger.warn({ error: error.message, wait }, "the store takes nothing now; trying again");
        if (!stopping) await pause(wait);
        if (stopping) throw new Stopped();
      }
    }
  }

  /** Drops what is in memory and goes on from what is saved. */
  async function reopen(): Promise<void> {
    session = undefined;
    for (let wait = times.retry_first; !stopping; wait = Math.min(wait * 2, times.retry_most)) {
      try {
        await subscription?.stop();
        subscription = undefined;
        return await open();
      } catch (error) {
        session = undefined;
        logger.error({ error: error instanceof Error ? error.message : String(error) }, "loading failed");
        await pause(wait);
      }
    }
  }

  async function lookAtConfig(): Promise<void> {
    const own = session;
    if (own === undefined || !(await own.configChanged())) return;
    await commitAll();
    if (session === own) await own.reloadConfig();
  }

  async function lookForSilence(): Promise<void> {
    const own = session;
    if (own === undefined || !(own.watchesSilence() || own.awaitsStale())) return;
    const asked_at = clock.now();
    const head = await log.head("sensor_readings");
    const { next } = own.position();
    const caughtUp = (partition: number) =>
      (next[partition] ?? 0) >= (head.next[partition] ?? 0) ? asked_at : undefined;
    if (session !== own) return;
    const silent = own.judgeSilence(caughtUp);
    if (own.withholdStale(caughtUp) || silent) commitSoon();
  }

  /** Does `work` again and again, never twice at once, and tells where it fails. */
  function every(ms: number, name: keyof typeof queued, work: () => Promise<void>): void {
    timers.push(
      setInterval(() => {
        if (queued[name]) return;
        queued[name] = true;
        inTurn(work)
          .catch((error: Error) => logger.warn({ error: error.message }, `looking at ${name} failed`))
          .finally(() => {
            queued[name] = false;
          });
      }, ms),
    );
  }

  return {
    async start() {
      if (timers.length > 0) return;
      stopping = false;
      queued = { silence: false, config: false };
      await inTurn(open);
      group?.onAssignment(assign);
      await group?.start();
      every(times.config_every, "config", lookAtConfig);
      every(times.silence_every, "silence", lookForSilence);
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      timers = [];
      // Nothing more comes in, then what has come is committed once more; a store that is away is not waited for.
      stopping = true;
      wake?.();
      await subscription?.stop();
      subscription = undefined;
      await flush();
      session = undefined;
      await group?.stop();
    },
    position: () => saved,
    async lag() {
      const head = await log.head("sensor_readings");
      let behind = 0;
      for (const [partition, at] of Object.entries(head.next))
        if (owns(Number(partition)))
          behind += Math.max(
            0,
            at - (saved.log_id === head.log_id ? (saved.next[Number(partition)] ?? 0) : 0),
          );
      return behind;
    },
    unconvertible: () => session?.unconvertible() ?? [],
  };
}

import type { AlertEvent } from "../../domain/alert.ts";
import { ForesightError } from "../../domain/errors.ts";
import type { LogPosition } from "../../domain/log-position.ts";
import type { ProcessorEffects, ProcessorStore } from "../../ports/store.ts";
import type { Clock, Logger, Metrics } from "../../ports/system.ts";
import type { NewsTopic } from "./news.ts";
import { createReadingWriter } from "./reading-writer.ts";
import type { SqliteDatabase } from "./sqlite.ts";
import type { AlertParts } from "./store-alerts.ts";
import type { HealthParts } from "./store-health.ts";
import type { Meta } from "./store-meta.ts";

/** Position of a log that was never read. The log of a store that never saw one has no name. */
const NO_LOG = "none";
const PARTITION = 0;

export interface ProcessorParts extends ProcessorStore {
  /** Saved position in the log that is processed now, within the caller's transaction. */
  position(): LogPosition;
}

/** What the processor does to the store. @param publish called after a commit with what it has changed */
export function createProcessorStore(
  db: SqliteDatabase,
  parts: {
    meta: Meta;
    alerts: AlertParts;
    health: HealthParts;
    clock: Clock;
    logger?: Logger;
    metrics?: Metrics;
  },
  publish: (topic: NewsTopic) => void,
): ProcessorParts {
  const { meta, alerts, health, clock, logger, metrics } = parts;
  const writer = createReadingWriter(db);
  const selectPosition = db.prepare<{ next_offset: number }>(
    "SELECT next_offset FROM position WHERE log_id = ? AND log_partition = ?",
  );
  const selectPositions = db.prepare<{ log_partition: number; next_offset: number }>(
    "SELECT log_partition, next_offset FROM position WHERE log_id = ?",
  );
  const putPosition = db.prepare(
    "INSERT OR REPLACE INTO position (log_id, log_partition, next_offset) VALUES (?, ?, ?)",
  );
  const selectStates = db.prepare<{ asset_id: string; state: Uint8Array; log_id: string | null }>(
    "SELECT asset_id, state, log_id FROM asset_state WHERE tenant_id = ? ORDER BY asset_id",
  );
  const putState = db.prepare(
    "INSERT OR REPLACE INTO asset_state (tenant_id, asset_id, state, log_id) VALUES (?, ?, ?, ?)",
  );
  /** `commits` as this connection left it; on another count someone else has stored readings. */
  let commits: number | undefined;

  const positionOf = (log_id: string): LogPosition => {
    const next: Record<number, number> = { [PARTITION]: 0 };
    for (const { log_partition, next_offset } of selectPositions.all(log_id))
      next[log_partition] = next_offset;
    return { log_id, next };
  };
  const currentLog = () => meta.get<string>("log_id") ?? NO_LOG;

  function write(effects: ProcessorEffects) {
    const { partition, from_offset, next_offset } = effects;
    const log_id = currentLog();
    const saved = selectPosition.get(log_id, partition)?.next_offset ?? 0;
    if (saved !== from_offset)
      throw new ForesightError(
        "conflict",
        `The processor's position is ${saved} and not ${from_offset}: another processor has gone on from there.`,
      );
    if (next_offset < from_offset)
      throw new ForesightError(
        "invalid_request",
        `A position is never set back from ${from_offset} to ${next_offset}.`,
      );
    const count = meta.get<number>("commits")!;
    if (count !== commits) writer.forget();

    const { stored, duplicates, types_changed } = writer.store(effects.readings);
    const alert_events: AlertEvent[] = [];
    for (const { tenant_id, commands } of effects.commands)
      alert_events.push(
        ...alerts.append(tenant_id, commands, (error) =>
          logger?.warn({ tenant_id, reason: error.message }, "an alert's state did not allow a command"),
        ),
      );
    const scores = health.store(effects.health, log_id);
    for (const { tenant_id, asset_id, state } of effects.state)
      putState.run(tenant_id, asset_id, state, log_id);
    if (types_changed) meta.increment("config_version");
    putPosition.run(log_id, partition, next_offset);
    meta.set("commits", count + 1);
    return { stored, duplicates, alert_events, scores, types_changed, count: count + 1 };
  }

  return {
    position: () => positionOf(currentLog()),

    async processorPosition(log_id) {
      if (currentLog() !== log_id) db.transaction(() => meta.set("log_id", log_id));
      return positionOf(log_id);
    },
    async loadState(tenant_id) {
      // Saved in one transaction with the position, a state never includes more than that does.
      return selectStates.all(tenant_id).map(({ log_id, ...saved }) => ({
        ...saved,
        ...(log_id !== null && { included: { log_id, partition: PARTITION, next_offset: 0 } }),
      }));
    },
    async commit(effects) {
      const started = clock.now();
      let done: ReturnType<typeof write>;
      try {
        done = db.transaction(() => write(effects));
      } catch (error) {
        // What was rolled back is still in the writer's memory.
        writer.forget();
        commits = undefined;
        throw error;
      }
      commits = done.count;
      const { stored, duplicates, alert_events } = done;
      if (done.scores > 0) publish("health_scores");
      if (alert_events.length > 0) publish("alerts");
      if (done.types_changed) publish("config");
      metrics?.observe("foresight_store_commit_seconds", (clock.now() - started) / 1_000);
      metrics?.increment("foresight_store_readings_total", {}, stored);
      if (duplicates > 0) metrics?.increment("foresight_store_duplicates_total", {}, duplicates);
      return { stored, duplicates, alert_events };
    },
  };
}

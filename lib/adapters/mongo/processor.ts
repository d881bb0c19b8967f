import type { AnyBulkWriteOperation } from "mongodb";
import type { AlertEvent } from "../../domain/alert.ts";
import { ForesightError } from "../../domain/errors.ts";
import type { LogPosition } from "../../domain/log-position.ts";
import type { ProcessorEffects, ProcessorStore } from "../../ports/store.ts";
import type { Clock, Logger, Metrics } from "../../ports/system.ts";
import type { AlertLog } from "./alert-log.ts";
import { type AssetStateDoc, bytesOf, type Collections, idIn, type PositionDoc } from "./collections.ts";
import { isDuplicateKey, onlyDuplicateKeys } from "./errors.ts";
import type { HealthParts } from "./health.ts";
import type { Meta } from "./meta.ts";
import type { createReadingWriter } from "./reading-writer.ts";

/** Position of a log that was never read. The log of a store that never saw one has no name. */
const NO_LOG = "none";
const MOST_AT_ONCE = 5_000;

export interface ProcessorParts extends ProcessorStore {
  /** Saved positions in the log that is processed now, and where the scores of what they include end. */
  positions(): Promise<{ sensor_data: LogPosition; health_scores: LogPosition }>;
}

/**
 * What the processor does to the store, without a transaction over documents. A commit first claims its partition's
 * position, which refuses whoever starts elsewhere and numbers the attempt (the fence); then it writes what may be
 * written twice, in this order: readings, scores, alert events, states; and last the position, which counts only if
 * nobody has claimed it since. Whoever dies on the way leaves effects that the next attempt from the same position
 * finds done. States tell the position that they include and by which attempt they were written, and never replace
 * those of a later one.
 */
export function createProcessorStore(
  collections: Collections,
  parts: {
    meta: Meta;
    alerts: AlertLog;
    health: HealthParts;
    writer: ReturnType<typeof createReadingWriter>;
    clock: Clock;
    logger?: Logger | undefined;
    metrics?: Metrics | undefined;
  },
): ProcessorParts {
  const { positions, asset_states } = collections;
  const { meta, alerts, health, writer, clock, logger, metrics } = parts;
  /** The log that this process asked its position of. */
  let own_log: string | undefined;

  const currentLog = async () => (await meta.get<string>("log_id")) ?? NO_LOG;
  const docsOf = (log_id: string) => positions.find({ log_id }).toArray();
  const positionOf = (log_id: string, docs: readonly PositionDoc[]): LogPosition => ({
    log_id,
    next: { 0: 0, ...Object.fromEntries(docs.map(({ partition, next_offset }) => [partition, next_offset])) },
  });

  /** @returns the number of this attempt. @throws ForesightError `conflict` where the saved position is another */
  async function claim(log_id: string, { partition, from_offset }: ProcessorEffects): Promise<number> {
    const _id = idIn(log_id, String(partition));
    if (from_offset === 0)
      try {
        await positions.insertOne({ _id, log_id, partition, next_offset: 0, fence: 0 });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    const claimed = await positions.findOneAndUpdate(
      { _id, next_offset: from_offset },
      { $inc: { fence: 1 } },
      { returnDocument: "after" },
    );
    if (claimed !== null) return claimed.fence;
    const saved = (await positions.findOne({ _id }))?.next_offset ?? 0;
    throw new ForesightError(
      "conflict",
      `The processor's position is ${saved} and not ${from_offset}: another processor has gone on from there.`,
    );
  }

  async function saveStates(log_id: string, fence: number, effects: ProcessorEffects): Promise<void> {
    const { partition, next_offset, state: states } = effects;
    for (let at = 0; at < states.length; at += MOST_AT_ONCE) {
      const writes = states
        .slice(at, at + MOST_AT_ONCE)
        .map(({ tenant_id, asset_id, state, included }): AnyBulkWriteOperation<AssetStateDoc> => {
          const fields = {
            log_id,
            partition,
            next_offset: Math.max(next_offset, included ?? 0),
            fence,
            state,
          };
          const _id = idIn(tenant_id, asset_id);
          const replaceable = [
            { log_id: { $ne: log_id } },
            { partition: { $ne: partition } },
            { fence: { $lte: fence } },
          ];
          return {
            updateOne: {
              filter: { _id, $or: replaceable },
              update: { $set: { tenant_id, asset_id, ...fields } },
              upsert: true,
            },
          };
        });
      try {
        await asset_states.bulkWrite(writes, { ordered: false });
      } catch (error) {
        // Not replaceable, so it is there by a later attempt; this one is about to be refused.
        if (!onlyDuplicateKeys(error)) throw error;
      }
    }
  }

  async function savePosition(log_id: string, fence: number, effects: ProcessorEffects): Promise<void> {
    const { partition, from_offset, next_offset, health_position } = effects;
    const health = health_position && {
      log_id: health_position.log_id,
      next: Object.entries(health_position.next).map(([of, at]): [number, number] => [Number(of), at]),
    };
    const { matchedCount } = await positions.updateOne(
      { _id: idIn(log_id, String(partition)), next_offset: from_offset, fence },
      { $set: { next_offset, ...(health !== undefined && { health }) } },
    );
    if (matchedCount > 0) return;
    throw new ForesightError("conflict", "Another processor has taken this partition over meanwhile.");
  }

  return {
    async positions() {
      const log_id = await currentLog();
      const docs = await docsOf(log_id);
      const published = docs.map(({ health }) => health).filter((health) => health != null);
      const next: Record<number, number> = {};
      for (const { next: ends } of published)
        for (const [partition, at] of ends) next[partition] = Math.max(next[partition] ?? 0, at);
      return {
        sensor_data: positionOf(log_id, docs),
        health_scores: { log_id: published[0]?.log_id ?? NO_LOG, next },
      };
    },

    async processorPosition(log_id) {
      own_log = log_id;
      if ((await currentLog()) !== log_id) await meta.set("log_id", log_id);
      return positionOf(log_id, await docsOf(log_id));
    },

    async loadState(tenant_id) {
      const found = await asset_states.find({ tenant_id }).sort({ _id: 1 }).toArray();
      return found.map(({ asset_id, state, log_id, partition, next_offset }) => ({
        asset_id,
        state: bytesOf(state),
        included: { log_id, partition, next_offset },
      }));
    },

    async commit(effects) {
      const { from_offset, next_offset } = effects;
      const started = clock.now();
      const log_id = own_log ?? (await currentLog());
      if (next_offset < from_offset)
        throw new ForesightError(
          "invalid_request",
          `A position is never set back from ${from_offset} to ${next_offset}.`,
        );
      const fence = await claim(log_id, effects);
      const { stored, duplicates, types_changed } = await writer.store(effects.readings);
      await health.store(effects.health, log_id);
      const alert_events: AlertEvent[] = [];
      for (const { tenant_id, commands } of effects.commands)
        alert_events.push(
          ...(await alerts.append(tenant_id, commands, (error) =>
            logger?.warn({ tenant_id, reason: error.message }, "an alert's state did not allow a command"),
          )),
        );
      await saveStates(log_id, fence, effects);
      if (types_changed) await meta.increment("config_version");
      await savePosition(log_id, fence, effects);
      metrics?.observe("foresight_store_commit_seconds", (clock.now() - started) / 1_000);
      metrics?.increment("foresight_store_readings_total", {}, stored);
      if (duplicates > 0) metrics?.increment("foresight_store_duplicates_total", {}, duplicates);
      return { stored, duplicates, alert_events };
    },
  };
}

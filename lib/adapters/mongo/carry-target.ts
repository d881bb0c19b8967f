import type { AnyBulkWriteOperation, MongoClient } from "mongodb";
import type { CarryTarget } from "../../ports/carried-store.ts";
import type { Clock } from "../../ports/system.ts";
import { createAccountStore, nameKey } from "./accounts.ts";
import { createAlertLog } from "./alert-log.ts";
import { createAlertStore } from "./alerts.ts";
import { createAssetStore } from "./assets.ts";
import { claimForCarrying, endCarrying } from "./carry-claim.ts";
import { type AssetDoc, type AssetStateDoc, bytesOf, collectionsOf, idIn } from "./collections.ts";
import { createConfigStore } from "./config.ts";
import { createClient, databaseName } from "./connection.ts";
import { createDefaultsStore } from "./defaults.ts";
import { ignoringDuplicates, namingErrors, toForesightError } from "./errors.ts";
import { healthId, secondOf } from "./health.ts";
import { createMeta } from "./meta.ts";
import { createReadingReader } from "./reading-reader.ts";
import { createReadingWriter } from "./reading-writer.ts";
import { migrate } from "./schema.ts";

export interface MongoCarryTarget extends CarryTarget {
  claim(source_id: string): Promise<"new" | "begun" | "done">;
  /** From now on servers may use it. */
  end(): Promise<void>;
  close(): Promise<void>;
}

function assemble(client: MongoClient, clock: Clock): Omit<MongoCarryTarget, "close"> {
  const collections = collectionsOf(client.db(databaseName(client)));
  const { tenants, users, tokens, assets, health, alert_events, asset_states } = collections;
  const meta = createMeta(collections);
  const retentionOf = async () => undefined;
  const log = createAlertLog(collections, () => undefined);
  const { giveFirst, ...defaults } = createDefaultsStore(collections, meta);
  const { alerts, alertEvents, lastAlertSeq } = createAlertStore(collections, log, meta);
  const writer = createReadingWriter(collections, { clock, retentionOf });
  return {
    ...createAccountStore(collections, giveFirst),
    ...createConfigStore(collections, meta),
    ...defaults,
    ...createAssetStore(collections, meta, log),
    ...createReadingReader(collections, { clock, retentionOf }),
    alerts,
    alertEvents,
    lastAlertSeq,
    claim: (source_id) => claimForCarrying(collections, source_id),
    end: () => endCarrying(collections),

    async carriedAssets(tenant_id) {
      const found = await assets.find({ tenant_id }).sort({ asset_id: 1 }).toArray();
      return found.map(({ asset_id, asset_type, type_source, health }) => ({
        asset_id,
        asset_type,
        type_source,
        ...(health != null && { health }),
      }));
    },
    async scores(tenant_id, asset_id, after, limit) {
      const found = health.find({ tenant_id, asset_id, second: { $gt: after } }).sort({ second: 1 });
      return (await found.limit(limit).toArray()).map((doc) => doc.health);
    },
    scoreCount: (tenant_id, asset_id) => health.countDocuments({ tenant_id, asset_id }),
    async loadState(tenant_id) {
      const found = await asset_states.find({ tenant_id }).sort({ asset_id: 1 }).toArray();
      return found.map(({ asset_id, state }) => ({ asset_id, state: bytesOf(state) }));
    },

    async putTenant({ tenant_id, ...tenant }) {
      await tenants.updateOne({ _id: tenant_id }, { $set: tenant }, { upsert: true });
    },
    async putUser(user) {
      await users.updateOne(
        { _id: nameKey(user.username) },
        { $set: user, $setOnInsert: { epoch: 0 } },
        { upsert: true },
      );
    },
    async putToken({ jti, ...token }) {
      await tokens.updateOne({ _id: jti }, { $set: token }, { upsert: true });
    },
    async putAssets(tenant_id, given) {
      const writes = given.map((asset): AnyBulkWriteOperation<AssetDoc> => {
        const { asset_id } = asset;
        return {
          updateOne: {
            filter: { _id: idIn(tenant_id, asset_id) },
            update: { $set: { tenant_id, ...asset } },
            upsert: true,
          },
        };
      });
      if (writes.length > 0) await assets.bulkWrite(writes, { ordered: false });
    },
    async putReadings(batches) {
      await writer.store(batches);
    },
    async putScores(tenant_id, scores) {
      const docs = scores.map((score) => {
        const { asset_id, timestamp } = score;
        const second = secondOf(timestamp);
        const _id = healthId(tenant_id, asset_id, second);
        return { _id, tenant_id, asset_id, second, score: score.score, health: score };
      });
      if (docs.length > 0) await ignoringDuplicates(health.insertMany(docs, { ordered: false }));
    },
    async putAlertEvents(tenant_id, events) {
      const docs = events.map((event) => ({ ...event }));
      if (docs.length > 0) await ignoringDuplicates(alert_events.insertMany(docs, { ordered: true }));
      await log.project(tenant_id);
    },
    async putStates(tenant_id, states, log_id) {
      const writes = states.map(({ asset_id, state, partition }): AnyBulkWriteOperation<AssetStateDoc> => {
        const fields = { tenant_id, asset_id, log_id, partition, next_offset: 0, fence: 0, state };
        return {
          updateOne: { filter: { _id: idIn(tenant_id, asset_id) }, update: { $set: fields }, upsert: true },
        };
      });
      if (writes.length > 0) await asset_states.bulkWrite(writes, { ordered: false });
    },
  };
}

/**
 * A database that another store is carried into; its indexes are there when this resolves.
 * @throws ForesightError `unavailable`, `forbidden`, `conflict` (written by a newer version)
 */
export async function openCarryTarget(options: { uri: string; clock: Clock }): Promise<MongoCarryTarget> {
  const client = createClient({ uri: options.uri });
  try {
    await client.connect();
    await migrate(collectionsOf(client.db(databaseName(client))));
  } catch (error) {
    await client.close();
    throw toForesightError(error);
  }
  return { ...namingErrors(assemble(client, options.clock)), close: () => client.close() };
}

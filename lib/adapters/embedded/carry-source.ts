import type { HealthScore } from "../../domain/health.ts";
import type { CarriedAsset, CarriedStore } from "../../ports/carried-store.ts";
import type { Clock } from "../../ports/system.ts";
import { storeFile } from "./data-files.ts";
import { openDatabase } from "./sqlite.ts";
import { openStore } from "./store.ts";
import { createMeta } from "./store-meta.ts";

export interface CarrySource extends CarriedStore {
  /** Identity of this store, made with its data directory. */
  id(): string;
  close(): Promise<void>;
}

/** The store of a data directory, to be carried to another one. Nobody else may write it meanwhile. */
export async function openCarrySource(options: { data_dir: string; clock: Clock }): Promise<CarrySource> {
  const store = openStore(options);
  await store.start();
  const db = openDatabase(storeFile(options.data_dir), { readonly: true });
  const meta = createMeta(db);
  const assets = db.prepare<{
    asset_id: string;
    asset_type: string;
    type_source: number;
    health: string | null;
  }>("SELECT asset_id, asset_type, type_source, health FROM asset WHERE tenant_id = ? ORDER BY asset_id");
  const scores = db.prepare<{ health: string }>(
    "SELECT health FROM health WHERE tenant_id = ? AND asset_id = ? AND second > ? ORDER BY second LIMIT ?",
  );
  const count = db.prepare<{ n: number }>(
    "SELECT count(*) AS n FROM health WHERE tenant_id = ? AND asset_id = ?",
  );
  return {
    ...store,
    id: () => meta.get<string>("store_id")!,
    async carriedAssets(tenant_id) {
      return assets.all(tenant_id).map(
        ({ health, ...asset }): CarriedAsset => ({
          ...asset,
          ...(health !== null && { health: JSON.parse(health) as HealthScore }),
        }),
      );
    },
    async scores(tenant_id, asset_id, after, limit) {
      return scores
        .all(tenant_id, asset_id, after, limit)
        .map(({ health }) => JSON.parse(health) as HealthScore);
    },
    async scoreCount(tenant_id, asset_id) {
      return count.get(tenant_id, asset_id)!.n;
    },
    async close() {
      db.close();
      await store.stop();
    },
  };
}

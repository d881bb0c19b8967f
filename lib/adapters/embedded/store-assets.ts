import type { Severity } from "../../domain/alert.ts";
import type { Asset, Sensor } from "../../domain/asset.ts";
import { kindOfTag, qualityOfTag } from "../../domain/chunk.ts";
import { ForesightError } from "../../domain/errors.ts";
import type { HealthScore } from "../../domain/health.ts";
import type { TenantStats } from "../../domain/history.ts";
import { decodeHeadFigures } from "../../domain/series-head.ts";
import type { ReadingStore } from "../../ports/store.ts";
import type { SqliteDatabase } from "./sqlite.ts";
import type { Meta } from "./store-meta.ts";
import { type Kind, TYPE_SOURCE } from "./store-series.ts";

interface AssetRow {
  asset_id: string;
  asset_type: string;
  health: string | null;
}

interface SeriesRow {
  asset_id: string;
  sensor_id: string;
  kinds: string;
  data: Uint8Array;
}

export interface AssetParts extends Pick<ReadingStore, "assets" | "asset" | "setAssetType" | "stats"> {
  /** In order of their ids, within the caller's transaction. */
  list(tenant_id: string): Asset[];
}

/** What is known of assets now. @param changed called after an asset's type was set */
export function createAssetStore(db: SqliteDatabase, meta: Meta, changed: () => void): AssetParts {
  const ONE = "AND (?2 IS NULL OR asset_id = ?2)";
  const selectAssets = db.prepare<AssetRow>(
    "SELECT asset_id, asset_type, health FROM asset WHERE tenant_id = ?1 ORDER BY asset_id",
  );
  const selectAsset = db.prepare<AssetRow>(
    "SELECT asset_id, asset_type, health FROM asset WHERE tenant_id = ?1 AND asset_id = ?2",
  );
  const seriesWhere = (where: string) =>
    db.prepare<SeriesRow>(
      `SELECT s.asset_id, s.sensor_id, s.kinds, h.data FROM series s JOIN head h ON h.series_id = s.id
       WHERE ${where} ORDER BY s.asset_id, s.sensor_id`,
    );
  const selectSeries = seriesWhere("s.tenant_id = ?1");
  const selectSeriesOf = seriesWhere("s.tenant_id = ?1 AND s.asset_id = ?2");
  const selectHeads = db.prepare<{ asset_id: string; data: Uint8Array }>(
    `SELECT s.asset_id, h.data FROM series s JOIN head h ON h.series_id = s.id WHERE s.tenant_id = ?`,
  );
  const countAlerts = db.prepare<{ asset_id: string; severity: Severity; n: number }>(
    `SELECT asset_id, severity, count(*) AS n FROM alert
     WHERE tenant_id = ?1 AND state <> 'resolved' ${ONE} GROUP BY asset_id, severity`,
  );
  const chooseType = db.prepare(
    "UPDATE asset SET asset_type = ?, type_source = ? WHERE tenant_id = ? AND asset_id = ?",
  );

  const sensorOf = ({ sensor_id, kinds, data }: SeriesRow): Sensor => {
    const { count, first_at, latest } = decodeHeadFigures(data);
    const { timestamp, received_at, value, tag } = latest;
    return {
      sensor_id,
      ...(JSON.parse(kinds) as Kind[])[kindOfTag(tag)]!,
      latest: { timestamp, received_at, value, quality: qualityOfTag(tag) },
      readings: count,
      first_at,
    };
  };

  const build = (
    rows: AssetRow[],
    series: SeriesRow[],
    counts: { asset_id: string; severity: Severity; n: number }[],
  ): Asset[] => {
    const assets = new Map<string, Asset>();
    for (const { asset_id, asset_type, health } of rows) {
      const score = health === null ? undefined : (JSON.parse(health) as HealthScore);
      assets.set(asset_id, {
        asset_id,
        asset_type,
        sensors: [],
        ...(score !== undefined && { health: score }),
        open_alerts: { info: 0, warning: 0, critical: 0 },
        received_at: 0,
      });
    }
    for (const row of series) {
      const asset = assets.get(row.asset_id)!;
      const sensor = sensorOf(row);
      asset.sensors.push(sensor);
      asset.received_at = Math.max(asset.received_at, sensor.latest.received_at);
    }
    for (const { asset_id, severity, n } of counts) {
      const asset = assets.get(asset_id);
      if (asset !== undefined) asset.open_alerts[severity] = n;
    }
    for (const asset of assets.values())
      if (asset.sensors.length === 0) asset.received_at = asset.health?.received_at ?? 0;
    return [...assets.values()];
  };

  const list = (tenant_id: string) =>
    build(selectAssets.all(tenant_id), selectSeries.all(tenant_id), countAlerts.all(tenant_id, null));

  return {
    list,
    async assets(tenant_id) {
      return db.snapshot(() => list(tenant_id));
    },
    async asset(tenant_id, asset_id) {
      return db.snapshot(() => {
        const row = selectAsset.get(tenant_id, asset_id);
        if (row === undefined) return undefined;
        const series = selectSeriesOf.all(tenant_id, asset_id);
        return build([row], series, countAlerts.all(tenant_id, asset_id))[0];
      });
    },
    async setAssetType(tenant_id, asset_id, asset_type) {
      db.transaction(() => {
        if (chooseType.run(asset_type, TYPE_SOURCE.chosen, tenant_id, asset_id).changes === 0)
          throw new ForesightError("not_found", "There is no such asset.");
        meta.increment("config_version");
      });
      changed();
    },
    async stats(tenant_id): Promise<TenantStats> {
      return db.snapshot(() => {
        let readings = 0;
        let sensors = 0;
        let from = Number.POSITIVE_INFINITY;
        let to = Number.NEGATIVE_INFINITY;
        const assets = new Set<string>();
        for (const { asset_id, data } of selectHeads.all(tenant_id)) {
          const { count, first_at, latest } = decodeHeadFigures(data);
          readings += count;
          sensors++;
          assets.add(asset_id);
          from = Math.min(from, first_at);
          to = Math.max(to, latest.timestamp);
        }
        const open_alerts = countAlerts.all(tenant_id, null).reduce((sum, { n }) => sum + n, 0);
        return {
          tenant_id,
          readings,
          assets: assets.size,
          sensors,
          open_alerts,
          from: sensors === 0 ? null : from,
          to: sensors === 0 ? null : to,
        };
      });
    },
  };
}

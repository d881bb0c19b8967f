import type { Severity } from "../../domain/alert.ts";
import type { Asset, Sensor } from "../../domain/asset.ts";
import { kindOfTag, qualityOfTag } from "../../domain/chunk.ts";
import { ForesightError } from "../../domain/errors.ts";
import { decodeHeadFigures } from "../../domain/series-head.ts";
import type { ReadingStore } from "../../ports/store.ts";
import type { AlertLog } from "./alert-log.ts";
import { type AssetDoc, type Collections, idIn, type SeriesDoc } from "./collections.ts";
import type { Meta } from "./meta.ts";
import { TYPE_SOURCE } from "./series-cache.ts";

type SeriesFigures = Pick<SeriesDoc, "asset_id" | "sensor_id" | "kinds" | "head">;

const FIGURES = { projection: { _id: 0, asset_id: 1, sensor_id: 1, kinds: 1, head: 1 } } as const;

function sensorOf({ sensor_id, kinds, head }: SeriesFigures): Sensor {
  const { count, first_at, latest } = decodeHeadFigures(head);
  const { timestamp, received_at, value, tag } = latest;
  return {
    sensor_id,
    ...kinds[kindOfTag(tag)]!,
    latest: { timestamp, received_at, value, quality: qualityOfTag(tag) },
    readings: count,
    first_at,
  };
}

/** What is known of assets now. */
export function createAssetStore(
  { assets, series, alerts }: Collections,
  meta: Meta,
  log: AlertLog,
): Pick<ReadingStore, "assets" | "asset" | "setAssetType" | "stats"> {
  const openAlerts = (tenant_id: string, asset_id?: string) =>
    alerts
      .aggregate<{ _id: { asset_id: string; severity: Severity }; n: number }>([
        { $match: { tenant_id, active: true, ...(asset_id !== undefined && { asset_id }) } },
        { $group: { _id: { asset_id: "$asset_id", severity: "$severity" }, n: { $sum: 1 } } },
      ])
      .toArray();

  const read = async (tenant_id: string, asset_id?: string) => {
    const filter = { tenant_id, ...(asset_id !== undefined && { asset_id }) };
    await log.project(tenant_id);
    // Series before assets: an asset is there before its first series.
    const sensors = await series.find(filter, FIGURES).sort({ asset_id: 1, sensor_id: 1 }).toArray();
    const [found, counts] = await Promise.all([
      assets.find(filter).sort({ asset_id: 1 }).toArray(),
      openAlerts(tenant_id, asset_id),
    ]);
    return build(found, sensors, counts);
  };

  return {
    assets: (tenant_id) => read(tenant_id),
    async asset(tenant_id, asset_id) {
      return (await read(tenant_id, asset_id))[0];
    },
    async setAssetType(tenant_id, asset_id, asset_type) {
      const { matchedCount } = await assets.updateOne(
        { _id: idIn(tenant_id, asset_id) },
        { $set: { asset_type, type_source: TYPE_SOURCE.chosen } },
      );
      if (matchedCount === 0) throw new ForesightError("not_found", "There is no such asset.");
      await meta.increment("config_version");
    },
    async stats(tenant_id) {
      await log.project(tenant_id);
      let readings = 0;
      let sensors = 0;
      let from = Number.POSITIVE_INFINITY;
      let to = Number.NEGATIVE_INFINITY;
      const of = new Set<string>();
      for await (const { asset_id, head } of series.find({ tenant_id }, FIGURES)) {
        const { count, first_at, latest } = decodeHeadFigures(head);
        readings += count;
        sensors++;
        of.add(asset_id);
        from = Math.min(from, first_at);
        to = Math.max(to, latest.timestamp);
      }
      const open_alerts = await alerts.countDocuments({ tenant_id, active: true });
      return {
        tenant_id,
        readings,
        assets: of.size,
        sensors,
        open_alerts,
        from: sensors === 0 ? null : from,
        to: sensors === 0 ? null : to,
      };
    },
  };
}

function build(
  docs: readonly AssetDoc[],
  sensors: readonly SeriesFigures[],
  counts: readonly { _id: { asset_id: string; severity: Severity }; n: number }[],
): Asset[] {
  const assets = new Map<string, Asset>();
  for (const { asset_id, asset_type, health } of docs)
    assets.set(asset_id, {
      asset_id,
      asset_type,
      sensors: [],
      ...(health != null && { health }),
      open_alerts: { info: 0, warning: 0, critical: 0 },
      received_at: 0,
    });
  for (const doc of sensors) {
    const asset = assets.get(doc.asset_id);
    if (asset === undefined) continue;
    const sensor = sensorOf(doc);
    asset.sensors.push(sensor);
    asset.received_at = Math.max(asset.received_at, sensor.latest.received_at);
  }
  for (const { _id, n } of counts) {
    const asset = assets.get(_id.asset_id);
    if (asset !== undefined) asset.open_alerts[_id.severity] = n;
  }
  for (const asset of assets.values())
    if (asset.sensors.length === 0) asset.received_at = asset.health?.received_at ?? 0;
  return [...assets.values()];
}

import { QUALITIES, type Quality } from "../../../lib/domain/quality.ts";
import { applyConversion } from "../../../lib/domain/units.ts";
import type { LanePoint } from "../chart/series.ts";
import { shownUnits } from "../ui/units.ts";
import type { request } from "./request.ts";

interface WirePoint {
  timestamp: string;
  until: string;
  value: number;
  min: number;
  max: number;
  count: number;
  quality: Quality;
}

/** The stored readings of a sensor, downsampled to at most `max_points` with their extremes kept, in the unit that is shown. */
export async function fetchReadings(
  ask: typeof request,
  query: {
    asset_id: string;
    sensor_id: string;
    from?: number | undefined;
    to?: number | undefined;
    max_points: number;
  },
  signal?: AbortSignal,
): Promise<LanePoint[]> {
  const parameters = new URLSearchParams({
    sensor_id: query.sensor_id,
    max_points: String(query.max_points),
    ...(query.from !== undefined && { from: new Date(query.from).toISOString() }),
    ...(query.to !== undefined && { to: new Date(query.to).toISOString() }),
  });
  const answer = await ask<{ unit: string; points: WirePoint[] }>(
    `/api/assets/${encodeURIComponent(query.asset_id)}/readings?${parameters}`,
    signal ? { signal } : {},
  );
  const shown = shownUnits().of(answer.unit);
  const inShown = (value: number) => (shown === undefined ? value : applyConversion(value, shown.how));
  return answer.points.map((point) => ({
    x: Date.parse(point.timestamp),
    until: Date.parse(point.until),
    y: inShown(point.value),
    min: inShown(point.min),
    max: inShown(point.max),
    n: point.count,
    q: QUALITIES.indexOf(point.quality),
  }));
}

"use client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Rule } from "../../../lib/domain/rule.ts";
import type { WireAsset } from "../../../lib/protocol/messages.ts";
import { AxisRow } from "../chart/axis-row.tsx";
import type { Mark } from "../chart/draw.ts";
import { limitsOf } from "../chart/limits.ts";
import { SensorLane } from "../chart/sensor-lane.tsx";
import { TimeAxis } from "../chart/time-axis.ts";
import { lastOf, RANGES, type Range } from "../chart/time-window.ts";
import { useRefresh } from "../chart/use-refresh.ts";
import { useAlerts } from "../stream.ts";
import { Segmented } from "../ui/segmented.tsx";
import { Select } from "../ui/select.tsx";
import { sensorName } from "./names.ts";

export interface Watched {
  asset_id: string;
  sensor_id: string;
}

const LIVE_RANGES = RANGES.filter(({ value }) => value === "15m" || value === "1h" || value === "all");

/** The newest time of an asset's readings, by their own clock. */
export function newestOf(asset: WireAsset): number | undefined {
  let newest: number | undefined;
  for (const { latest } of asset.sensors) {
    const at = Date.parse(latest.timestamp);
    if (newest === undefined || at > newest) newest = at;
  }
  return newest;
}

/** The live chart of one chosen sensor. */
export function LivePane({
  assets,
  rules,
  watched,
  onWatch,
}: {
  assets: readonly WireAsset[];
  rules: readonly Rule[];
  watched: Watched;
  onWatch: (watched: Watched) => void;
}) {
  const asset = assets.find(({ asset_id }) => asset_id === watched.asset_id);
  const sensor = asset?.sensors.find(({ sensor_id }) => sensor_id === watched.sensor_id);
  const [range, setRange] = useState<Range>("15m");
  const window = useMemo(() => lastOf(range), [range]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another sensor has a time axis of its own
  const axis = useMemo(() => new TimeAxis(window), [watched.asset_id, watched.sensor_id]);
  useEffect(() => axis.show(window), [axis, window]);
  const refresh = useRefresh();
  const held = useRef(asset);
  held.current = asset;
  const newest = useCallback(() => (held.current ? newestOf(held.current) : undefined), []);
  const limits = useMemo(
    () =>
      asset && sensor
        ? limitsOf({ ...sensor, asset_id: asset.asset_id, asset_type: asset.asset_type }, rules)
        : [],
    [asset, sensor, rules],
  );
  const alerts = useAlerts();
  const marks = useMemo(
    () =>
      alerts.flatMap((alert): Mark[] =>
        alert.asset_id === watched.asset_id && alert.sensor_id === watched.sensor_id
          ? [{ at: Date.parse(alert.timestamp), severity: alert.severity }]
          : [],
      ),
    [alerts, watched],
  );
  if (!asset || !sensor) return null;

  return (
    <section aria-label="Live chart" className="border-b border-line-strong bg-surface">
      <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-4 py-2 max-phone:px-3">
        <h2 className="mr-1 text-13 font-semibold">Live</h2>
        <Select
          caption="Asset"
          value={watched.asset_id}
          onChange={(asset_id) => {
            const first = assets.find((one) => one.asset_id === asset_id)?.sensors;
            const same = first?.find(
              (one) =>
                sensorName(asset_id, one.sensor_id) === sensorName(watched.asset_id, watched.sensor_id),
            );
            const next = same ?? first?.[0];
            if (next) onWatch({ asset_id, sensor_id: next.sensor_id });
          }}
          options={assets.map(({ asset_id }) => ({ value: asset_id, label: asset_id }))}
        />
        <Select
          caption="Sensor"
          value={watched.sensor_id}
          onChange={(sensor_id) => onWatch({ ...watched, sensor_id })}
          options={asset.sensors.map(({ sensor_id }) => ({
            value: sensor_id,
            label: sensorName(asset.asset_id, sensor_id),
          }))}
        />
        <Segmented
          label="Range"
          value={range}
          onChange={setRange}
          options={LIVE_RANGES}
          className="ml-auto max-phone:ml-0 max-phone:w-full"
        />
      </div>
      <SensorLane
        key={`${watched.asset_id} ${watched.sensor_id}`}
        asset_id={watched.asset_id}
        sensor={sensor}
        axis={axis}
        window={window}
        newest={newest}
        refresh={refresh}
        limits={limits}
        marks={marks}
        tall
        namesGaps
        zooms={false}
      />
      <AxisRow axis={axis} />
    </section>
  );
}

"use client";
import { ChevronLeft } from "lucide-react";
import Link from "next/link";
import { useCallback, useMemo, useRef } from "react";
import type { WireAlert, WireAsset } from "../../../lib/protocol/messages.ts";
import { compareAlerts, mergeAlerts } from "../alerts/order.ts";
import { useRules } from "../api/use-rules.ts";
import { useStoredAlerts } from "../api/use-stored-alerts.ts";
import { AxisRow } from "../chart/axis-row.tsx";
import type { Mark } from "../chart/draw.ts";
import { type Limit, limitsOf } from "../chart/limits.ts";
import { OverlayLane } from "../chart/overlay-lane.tsx";
import { SensorLane, type SeriesBook } from "../chart/sensor-lane.tsx";
import { useRefresh } from "../chart/use-refresh.ts";
import { newestOf } from "../fleet/live-pane.tsx";
import { inWords, sensorName } from "../fleet/names.ts";
import { fleetRow, withholdStale } from "../fleet/rows.ts";
import { RealtimeAlerts } from "../realtime-alerts.tsx";
import { useAlerts, useAsset, useHealth } from "../stream.ts";
import { Age } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { RiskTag } from "../ui/risk.tsx";
import { PaneHead } from "../ui/table.tsx";
import { useNow } from "../ui/use-now.ts";
import { AlertRail } from "./alert-rail.tsx";
import { ChartTools } from "./chart-tools.tsx";
import { exportCsv } from "./export-menu.tsx";
import { HealthLane, LifeLane } from "./judgement-lanes.tsx";
import { LazyLane } from "./lazy-lane.tsx";
import { SensorTable } from "./sensor-table.tsx";
import { useChartKeys } from "./use-chart-keys.ts";
import { useChartView } from "./use-chart-view.ts";
import { Verdict } from "./verdict.tsx";

/** Before an alert so much is shown with it, and this share of what came after: what led to it. */
const LEAD_MS = 60_000;
const LEAD = 0.1;

/** Up to so many lanes are drawn whether they are on the screen or not. */
const EAGER_LANES = 32;

export function AssetPage({ initial }: { initial: WireAsset }) {
  const { asset_id } = initial;
  const asset = useAsset(asset_id) ?? initial;
  const health = useHealth(asset_id) ?? asset.health;
  const now = useNow();
  const live = useAlerts();
  const stored = useStoredAlerts(`/api/alerts?${new URLSearchParams({ asset_id, limit: "200" })}`);
  const alerts = useMemo(
    () =>
      mergeAlerts(
        stored.data?.alerts ?? [],
        live.filter((alert) => alert.asset_id === asset_id),
      ).sort(compareAlerts),
    [stored.data, live, asset_id],
  );
  const { rules } = useRules();
  const refresh = useRefresh();
  const { axis, window, overlay, setOverlay } = useChartView(initial);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another asset has other series
  const book = useMemo<SeriesBook>(() => new Map(), [asset_id]);
  const held = useRef(asset);
  held.current = asset;
  const newest = useCallback(() => newestOf(held.current), []);

  const sensorKey = asset.sensors.map(({ sensor_id, unit }) => `${sensor_id} ${unit}`).join("\n");
  // The order is that of need when the page opened: lanes do not move by themselves.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another set of sensors changes it
  const order = useMemo(() => {
    const row = fleetRow(asset, alerts, 0);
    const known = new Map(asset.sensors.map((sensor) => [sensor.sensor_id, sensor]));
    return row.sensors.flatMap((id) => known.get(id) ?? []);
  }, [sensorKey]);
  const limits = useMemo(
    () =>
      new Map<string, readonly Limit[]>(
        order.map((sensor) => [
          sensor.sensor_id,
          limitsOf({ ...sensor, asset_id, asset_type: asset.asset_type }, rules ?? []),
        ]),
      ),
    [order, rules, asset_id, asset.asset_type],
  );
  const marks = useMemo(
    () => alerts.map((alert): Mark => ({ at: Date.parse(alert.timestamp), severity: alert.severity })),
    [alerts],
  );
  const byTime = useMemo(
    () => [...alerts].sort((a, b) => Date.parse(b.timestamp) - Date.parse(a.timestamp)),
    [alerts],
  );
  const since = (alert: WireAlert | undefined) => {
    const newest = axis.bounds()?.to;
    if (!alert || newest === undefined) return;
    const at = Date.parse(alert.timestamp);
    axis.show({ kind: "since", from: at - Math.max(LEAD_MS, (newest - at) * LEAD) });
  };
  useChartKeys(axis, { exportCsv: () => exportCsv(asset_id, axis), sinceAlert: () => since(byTime[0]) });
  const lane = { asset_id, axis, window, newest, refresh, marks };
  const overlaid = overlay.flatMap((id) => order.find(({ sensor_id }) => sensor_id === id) ?? []);
  const received = Date.parse(asset.received_at);
  const risk = fleetRow({ ...asset, ...(health && { health }) }, alerts, now).risk;

  return (
    <main className="flex flex-1 flex-col">
      <div className="flex min-h-13 flex-none flex-wrap items-center gap-x-3.5 gap-y-1 border-b border-line-strong bg-surface px-4 py-2.5 max-phone:px-3">
        <Link
          href="/"
          className="flex min-h-6 items-center gap-1 text-12 text-muted hover:text-text max-phone:w-full"
        >
          <ChevronLeft aria-hidden="true" className="size-3.5" />
          Fleet
        </Link>
        <h1 className="text-20 font-semibold [overflow-wrap:anywhere]">{asset_id}</h1>
        <RiskTag risk={risk} />
        <span className="text-muted">{inWords(asset.asset_type)}</span>
        <span className="text-12 text-faint">
          data <Age at={received} suffix=" old" />
        </span>
      </div>
      <Verdict
        asset_id={asset_id}
        risk={risk}
        health={withholdStale(health, received, now)}
        alerts={alerts}
      />
      <div className="grid flex-1 grid-cols-[minmax(0,1fr)_21rem] items-start max-pane:grid-cols-1">
        <section aria-label="Charts" className="min-w-0 bg-surface">
          <ChartTools
            asset_id={asset_id}
            axis={axis}
            sensors={order}
            overlay={overlay}
            onOverlay={setOverlay}
            alerts={byTime}
            onSince={since}
          />
          <div data-charts>
            <AlertRail alerts={alerts} axis={axis} />
            <HealthLane {...lane} />
            {health?.rul !== undefined && <LifeLane {...lane} />}
            {overlaid.length > 0 && (
              <OverlayLane
                {...lane}
                sensors={overlaid}
                onRemove={(id) => setOverlay(overlay.filter((one) => one !== id))}
              />
            )}
            {order.map((sensor) => (
              <LazyLane
                key={sensor.sensor_id}
                label={sensorName(asset_id, sensor.sensor_id)}
                eager={order.length <= EAGER_LANES}
              >
                <SensorLane
                  {...lane}
                  sensor={sensor}
                  limits={limits.get(sensor.sensor_id) ?? []}
                  book={book}
                />
              </LazyLane>
            ))}
            <div className="sticky bottom-0 z-1 border-t border-line-strong bg-surface max-phone:bottom-14">
              <AxisRow axis={axis} />
            </div>
          </div>
          <Legend />
        </section>
        <div className="self-stretch border-l border-line-strong bg-surface max-pane:border-t max-pane:border-l-0">
          <PaneHead title="Sensors" note={`${order.length}, extremes of the shown range`} />
          <SensorTable asset_id={asset_id} sensors={order} limits={limits} book={book} axis={axis} />
          <PaneHead title="Alerts">
            <Button asChild size="small">
              <Link href={`/alerts?view=all&asset=${encodeURIComponent(asset_id)}`}>All</Link>
            </Button>
          </PaneHead>
          <RealtimeAlerts
            asset_id={asset_id}
            empty={<p className="px-4 py-3 text-12 text-muted">No alerts of this asset.</p>}
          />
        </div>
      </div>
    </main>
  );
}

function Legend() {
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1 border-t border-line px-4 py-2 text-11 text-muted max-phone:px-3">
      <li className="inline-flex items-center gap-1.5">
        <span className="h-2 w-5 border-y-[3px] border-[var(--envelope)] bg-trace" aria-hidden="true" />
        mean, min to max
      </li>
      <li className="inline-flex items-center gap-1.5">
        <span className="hatch h-2.5 w-4 border-x border-dashed border-line-strong" aria-hidden="true" />
        no data
      </li>
      <li className="inline-flex items-center gap-1.5">
        <span
          className="h-2.5 w-4 border-b-2 border-dotted border-stale bg-[color-mix(in_oklab,var(--stale)_11%,transparent)]"
          aria-hidden="true"
        />
        uncertain or bad
      </li>
    </ul>
  );
}

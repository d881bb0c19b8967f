"use client";
import { ChevronLeft, Download } from "lucide-react";
import Link from "next/link";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { WireAsset } from "../../../lib/protocol/messages.ts";
import { compareAlerts, mergeAlerts } from "../alerts/order.ts";
import { useRules } from "../api/use-rules.ts";
import { useStoredAlerts } from "../api/use-stored-alerts.ts";
import { AxisRow } from "../chart/axis-row.tsx";
import type { Mark } from "../chart/draw.ts";
import { type Limit, limitsOf } from "../chart/limits.ts";
import { SensorLane } from "../chart/sensor-lane.tsx";
import { RANGES, type Range, TimeAxis } from "../chart/time-axis.ts";
import { useRefresh } from "../chart/use-refresh.ts";
import { newestOf } from "../fleet/live-pane.tsx";
import { inWords, sensorName } from "../fleet/names.ts";
import { fleetRow, withholdStale } from "../fleet/rows.ts";
import { RealtimeAlerts } from "../realtime-alerts.tsx";
import { useAlerts, useAsset, useHealth } from "../stream.ts";
import { Age } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { RiskTag } from "../ui/risk.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { PaneHead } from "../ui/table.tsx";
import { useNow } from "../ui/use-now.ts";
import { AlertRail } from "./alert-rail.tsx";
import { HealthLane } from "./health-lane.tsx";
import { LazyLane } from "./lazy-lane.tsx";
import { LifeLane } from "./life-lane.tsx";
import { SensorTable } from "./sensor-table.tsx";
import { Verdict } from "./verdict.tsx";

/** So many readings a sensor are shown at once from the first to the last; more begin with the last hour. */
const SHOW_ALL_UP_TO = 3_000;

/** Up to so many lanes are drawn whether they are on the screen or not. */
const EAGER_LANES = 32;

function firstRange(asset: WireAsset): Range {
  const most = Math.max(0, ...asset.sensors.map(({ readings }) => readings));
  return most <= SHOW_ALL_UP_TO ? "all" : "1h";
}

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
  const [range, setRange] = useState<Range>(() => firstRange(initial));
  const span_ms = RANGES.find(({ value }) => value === range)?.ms;
  // biome-ignore lint/correctness/useExhaustiveDependencies: one axis for the page; its span follows below
  const axis = useMemo(() => new TimeAxis(span_ms), [asset_id]);
  useEffect(() => axis.setSpan(span_ms), [axis, span_ms]);
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
        <span className="ml-auto">
          <ExportMenu asset_id={asset_id} axis={axis} />
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
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2 max-phone:px-3">
            <Segmented
              label="Range before the newest reading"
              value={range}
              onChange={setRange}
              options={RANGES}
              className="max-phone:w-full"
            />
            <Legend />
          </div>
          <AlertRail alerts={alerts} axis={axis} />
          <HealthLane
            asset_id={asset_id}
            axis={axis}
            span_ms={span_ms}
            newest={newest}
            refresh={refresh}
            marks={marks}
          />
          {health?.rul !== undefined && (
            <LifeLane
              asset_id={asset_id}
              axis={axis}
              span_ms={span_ms}
              newest={newest}
              refresh={refresh}
              marks={marks}
            />
          )}
          {order.map((sensor) => (
            <LazyLane
              key={sensor.sensor_id}
              label={sensorName(asset_id, sensor.sensor_id)}
              eager={order.length <= EAGER_LANES}
            >
              <SensorLane
                asset_id={asset_id}
                sensor={sensor}
                axis={axis}
                span_ms={span_ms}
                newest={newest}
                refresh={refresh}
                limits={limits.get(sensor.sensor_id) ?? []}
                marks={marks}
              />
            </LazyLane>
          ))}
          <div className="sticky bottom-0 z-1 border-t border-line-strong bg-surface max-phone:bottom-14">
            <AxisRow axis={axis} />
          </div>
        </section>
        <div className="self-stretch border-l border-line-strong bg-surface max-pane:border-t max-pane:border-l-0">
          <PaneHead title="Sensors" note={`${order.length}, latest values`} />
          <SensorTable asset_id={asset_id} sensors={order} limits={limits} />
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
    <ul className="flex flex-wrap gap-x-3 gap-y-1 text-11 text-muted max-phone:hidden">
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

function ExportMenu({ asset_id, axis }: { asset_id: string; axis: TimeAxis }) {
  const href = (whole: boolean) => {
    const range = whole ? undefined : axis.range(1_000);
    const query = new URLSearchParams({
      format: "csv",
      ...(range && {
        from: new Date(Math.floor(range.from)).toISOString(),
        to: new Date(Math.ceil(range.to)).toISOString(),
      }),
    });
    return `/api/assets/${encodeURIComponent(asset_id)}/readings?${query}`;
  };
  return (
    <Menu
      trigger={
        <Button>
          <Download aria-hidden="true" className="size-3.5" />
          CSV
        </Button>
      }
    >
      <MenuItem onSelect={() => window.location.assign(href(false))}>The shown range</MenuItem>
      <MenuItem onSelect={() => window.location.assign(href(true))}>Every reading</MenuItem>
    </Menu>
  );
}

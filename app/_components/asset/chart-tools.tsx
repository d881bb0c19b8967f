"use client";
import { Minus, Pause, Play, Plus, Undo2 } from "lucide-react";
import { useSyncExternalStore } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { MOST_OVERLAID } from "../chart/overlay.ts";
import type { LaneSensor } from "../chart/sensor-lane.tsx";
import type { TimeAxis } from "../chart/time-axis.ts";
import { follows, lastOf, RANGES, rangeOf } from "../chart/time-window.ts";
import { sensorName } from "../fleet/names.ts";
import { Button } from "../ui/button.tsx";
import { formatDuration, formatWhen } from "../ui/format.ts";
import { Key } from "../ui/key.tsx";
import { Menu, MenuChoice, MenuItem, MenuNote } from "../ui/menu.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { SeverityGlyph } from "../ui/severity.tsx";
import { useNow } from "../ui/use-now.ts";
import { CustomRange } from "./custom-range.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { zoomBy } from "./use-chart-keys.ts";

const MOST_ALERTS = 8;

/** Range, zoom, overlay and export of the charts below. */
export function ChartTools({
  asset_id,
  axis,
  sensors,
  overlay,
  onOverlay,
  alerts,
  onSince,
}: {
  asset_id: string;
  axis: TimeAxis;
  sensors: readonly LaneSensor[];
  overlay: readonly string[];
  onOverlay: (sensor_ids: readonly string[]) => void;
  /** The latest first. */
  alerts: readonly WireAlert[];
  onSince: (alert: WireAlert) => void;
}) {
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 max-phone:px-3">
      <Ranges axis={axis} />
      <SinceAlert alerts={alerts} onSince={onSince} />
      <CustomRange axis={axis} />
      <Zoom axis={axis} />
      <OverlayMenu asset_id={asset_id} sensors={sensors} overlay={overlay} onOverlay={onOverlay} />
      <span className="ml-auto max-phone:ml-0">
        <ExportMenu asset_id={asset_id} axis={axis} />
      </span>
    </div>
  );
}

function useAxisWindow(axis: TimeAxis) {
  return useSyncExternalStore(
    (listener) => axis.onChange(listener),
    () => axis.window,
    () => axis.window,
  );
}

function Ranges({ axis }: { axis: TimeAxis }) {
  return (
    <Segmented
      label="Range before the newest reading"
      value={rangeOf(useAxisWindow(axis))}
      onChange={(range) => axis.show(lastOf(range))}
      options={RANGES}
      className="max-phone:w-full"
    />
  );
}

function Zoom({ axis }: { axis: TimeAxis }) {
  const shown = useAxisWindow(axis);
  const following = follows(shown);
  const length =
    shown.kind === "between"
      ? formatDuration(shown.to - shown.from)
      : shown.kind === "last" && rangeOf(shown) === undefined && shown.span_ms !== undefined
        ? formatDuration(shown.span_ms)
        : undefined;
  return (
    <div className="flex items-center gap-1 max-phone:order-last">
      <Button icon aria-label="Zoom in" aria-keyshortcuts="+" onClick={() => zoomBy(axis, 0.5)}>
        <Plus aria-hidden="true" className="size-3.5" />
      </Button>
      <Button icon aria-label="Zoom out" aria-keyshortcuts="-" onClick={() => zoomBy(axis, 2)}>
        <Minus aria-hidden="true" className="size-3.5" />
      </Button>
      <Button
        icon
        aria-label="Undo zoom"
        aria-keyshortcuts="z"
        disabled={!axis.canUndo}
        onClick={() => axis.undo()}
      >
        <Undo2 aria-hidden="true" className="size-3.5" />
      </Button>
      {following ? (
        <Button title="Keeps the range where it is" onClick={() => hold(axis)}>
          <Pause aria-hidden="true" className="size-3.5" />
          Following live
        </Button>
      ) : (
        <Button look="primary" aria-keyshortcuts="l" onClick={() => axis.follow()}>
          <Play aria-hidden="true" className="size-3.5" />
          Back to live <Key>L</Key>
        </Button>
      )}
      {length !== undefined && (
        <span className="ml-1 text-12 whitespace-nowrap text-muted">{length} shown</span>
      )}
    </div>
  );
}

function hold(axis: TimeAxis): void {
  const range = axis.range(1_000);
  if (range) axis.show({ kind: "between", ...range });
}

function SinceAlert({
  alerts,
  onSince,
}: {
  alerts: readonly WireAlert[];
  onSince: (alert: WireAlert) => void;
}) {
  const now = useNow();
  return (
    <Menu
      align="start"
      trigger={
        <Button disabled={alerts.length === 0} aria-keyshortcuts="s">
          Since alert
        </Button>
      }
    >
      {alerts.slice(0, MOST_ALERTS).map((alert) => (
        <MenuItem key={alert.id} onSelect={() => onSince(alert)}>
          <SeverityGlyph kind={alert.severity} />
          <span className="ell max-w-72">{alert.title}</span>
          <span className="ml-auto pl-3 text-muted">{formatWhen(Date.parse(alert.timestamp), now)}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}

function OverlayMenu({
  asset_id,
  sensors,
  overlay,
  onOverlay,
}: {
  asset_id: string;
  sensors: readonly LaneSensor[];
  overlay: readonly string[];
  onOverlay: (sensor_ids: readonly string[]) => void;
}) {
  const full = overlay.length >= MOST_OVERLAID;
  return (
    <Menu align="start" trigger={<Button disabled={sensors.length < 2}>Overlay</Button>}>
      <div className="max-h-80 overflow-y-auto">
        {sensors.map(({ sensor_id }) => {
          const chosen = overlay.includes(sensor_id);
          return (
            <MenuChoice
              key={sensor_id}
              checked={chosen}
              disabled={full && !chosen}
              stays
              onSelect={() =>
                onOverlay(chosen ? overlay.filter((id) => id !== sensor_id) : [...overlay, sensor_id])
              }
            >
              {sensorName(asset_id, sensor_id)}
            </MenuChoice>
          );
        })}
      </div>
      <MenuNote>At most {MOST_OVERLAID} in one chart</MenuNote>
    </Menu>
  );
}

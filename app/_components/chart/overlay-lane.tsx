"use client";
import { X } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { sensorName } from "../fleet/names.ts";
import { useLatest } from "../stream.ts";
import { Button } from "../ui/button.tsx";
import { formatValue } from "../ui/format.ts";
import type { Mark } from "./draw.ts";
import { Lane } from "./lane.tsx";
import { DASHES, sharesScale } from "./overlay.ts";
import { type Overlaid, OverlayCanvas } from "./overlay-canvas.tsx";
import type { LaneSensor } from "./sensor-lane.tsx";
import { type Step, stepIn } from "./step.ts";
import type { TimeAxis } from "./time-axis.ts";
import type { TimeWindow } from "./time-window.ts";
import { useLaneSeries } from "./use-lane-series.ts";

interface Shared {
  asset_id: string;
  window: TimeWindow;
  newest: () => number | undefined;
  refresh: number;
}

/** Several sensors of an asset in one plot: on one scale where their unit is the same, else each on its own. */
export function OverlayLane({
  sensors,
  axis,
  marks,
  onRemove,
  ...shared
}: Shared & {
  /** At most `MOST_OVERLAID`. */
  sensors: readonly LaneSensor[];
  axis: TimeAxis;
  marks: readonly Mark[];
  onRemove: (sensor_id: string) => void;
}) {
  const held = useRef(new Map<string, Overlaid>());
  const ids = useRef<readonly string[]>([]);
  ids.current = sensors.map(({ sensor_id }) => sensor_id);
  const lines = useCallback(() => ids.current.flatMap((id) => held.current.get(id) ?? []), []);
  const step = useCallback<Step>(
    (from, by) => {
      const [first] = lines();
      first?.pull();
      return first && stepIn(first.series, from, by);
    },
    [lines],
  );
  const names = sensors.map(({ sensor_id }) => sensorName(shared.asset_id, sensor_id));
  return (
    <Lane
      name="Overlay"
      axis={axis}
      step={step}
      tall
      label={
        <>
          <h3 className="font-semibold">Overlay</h3>
          <p className="text-11 text-muted">
            {sharesScale(sensors.map(({ unit }) => unit))
              ? "one scale"
              : "each from its lowest to its highest"}
          </p>
          <ul className="mt-1 grid gap-0.5 max-phone:flex max-phone:flex-wrap max-phone:gap-x-3">
            {sensors.map((sensor, order) => (
              <Entry
                key={sensor.sensor_id}
                sensor={sensor}
                order={order}
                into={held.current}
                onRemove={onRemove}
                {...shared}
              />
            ))}
          </ul>
        </>
      }
    >
      <OverlayCanvas
        lines={lines}
        axis={axis}
        marks={marks}
        label={`Overlay of ${names.join(", ")} of ${shared.asset_id}`}
      />
    </Lane>
  );
}

/** A line's name and newest value; it holds the line's readings for the drawing. */
function Entry({
  asset_id,
  sensor,
  order,
  into,
  onRemove,
  ...asked
}: Shared & {
  sensor: LaneSensor;
  order: number;
  into: Map<string, Overlaid>;
  onRemove: (sensor_id: string) => void;
}) {
  const { sensor_id, unit } = sensor;
  const { series, pull } = useLaneSeries({ asset_id, sensor_id, ...asked });
  const name = sensorName(asset_id, sensor_id);
  const overlaid = useMemo(() => ({ name, unit, series, pull }), [name, unit, series, pull]);
  useEffect(() => {
    into.set(sensor_id, overlaid);
    return () => {
      into.delete(sensor_id);
    };
  }, [into, sensor_id, overlaid]);
  const latest = useLatest(asset_id, sensor_id);
  return (
    <li className="flex min-w-0 items-center gap-1.5 text-11">
      <svg width="18" height="4" className="flex-none" aria-hidden="true">
        <line
          x2="18"
          y1="2"
          y2="2"
          stroke={`var(--s${order + 1})`}
          strokeWidth="2"
          strokeDasharray={DASHES[order]!.join(" ")}
        />
      </svg>
      <span className="ell font-medium" title={`${name} ${formatValue(latest?.value, unit)}`}>
        {name}
      </span>
      <Button
        look="ghost"
        icon
        size="small"
        className="-my-1 ml-auto size-6 flex-none max-phone:my-0"
        aria-label={`Take ${name} out of the overlay`}
        onClick={() => onRemove(sensor_id)}
      >
        <X aria-hidden="true" className="size-3" />
      </Button>
    </li>
  );
}

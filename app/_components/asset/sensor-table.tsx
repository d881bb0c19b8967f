"use client";
import { memo } from "react";
import type { Limit } from "../chart/limits.ts";
import { passedLimit } from "../chart/limits.ts";
import type { LaneSensor } from "../chart/sensor-lane.tsx";
import { sensorName } from "../fleet/names.ts";
import { useLatest } from "../stream.ts";
import { Age } from "../ui/age.tsx";
import { cn } from "../ui/cn.ts";
import { formatNumber, unitSymbol } from "../ui/format.ts";
import { SeverityGlyph, severityColour } from "../ui/severity.tsx";
import { Table, Td, Th } from "../ui/table.tsx";

/** All sensors with their latest value and its age: what the charts show, as a table. */
export function SensorTable({
  asset_id,
  sensors,
  limits,
}: {
  asset_id: string;
  sensors: readonly LaneSensor[];
  limits: ReadonlyMap<string, readonly Limit[]>;
}) {
  return (
    <Table label="Sensors, latest values" className="text-12">
      <thead>
        <tr>
          <Th>Sensor</Th>
          <Th className="text-right">Latest</Th>
          <Th>Unit</Th>
          <Th>Quality</Th>
          <Th className="text-right">Age</Th>
        </tr>
      </thead>
      <tbody>
        {sensors.map((sensor) => (
          <SensorRow
            key={sensor.sensor_id}
            asset_id={asset_id}
            sensor={sensor}
            limits={limits.get(sensor.sensor_id) ?? []}
          />
        ))}
      </tbody>
    </Table>
  );
}

const SensorRow = memo(function SensorRow({
  asset_id,
  sensor,
  limits,
}: {
  asset_id: string;
  sensor: LaneSensor;
  limits: readonly Limit[];
}) {
  const latest = useLatest(asset_id, sensor.sensor_id);
  const passed = latest === undefined ? undefined : passedLimit(latest.value, limits);
  return (
    <tr>
      <Td className="h-[1.625rem]">
        <span className="inline-flex items-center gap-1.5 [overflow-wrap:anywhere]">
          {passed && (
            <SeverityGlyph
              kind={passed.severity}
              className="size-3"
              label={`past its ${passed.severity} limit`}
            />
          )}
          {sensorName(asset_id, sensor.sensor_id)}
        </span>
      </Td>
      <Td className={cn("h-[1.625rem] text-right", passed && severityColour(passed.severity))}>
        {formatNumber(latest?.value)}
      </Td>
      <Td className="h-[1.625rem] text-muted">{unitSymbol(sensor.unit)}</Td>
      <Td className={cn("h-[1.625rem]", latest?.quality === "good" ? "text-muted" : "text-stale")}>
        {latest?.quality ?? "–"}
      </Td>
      <Td className="h-[1.625rem] text-right">
        <Age at={latest?.received_at} />
      </Td>
    </tr>
  );
});

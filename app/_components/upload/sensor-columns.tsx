"use client";
import { Checkbox } from "../ui/checkbox.tsx";
import { Input } from "../ui/field.tsx";
import { Table, Td, Th } from "../ui/table.tsx";
import type { DraftSensor } from "./draft.ts";

/** Which columns hold a sensor each, and what it is. */
export function SensorColumns({
  sensors,
  asset,
  onChange,
}: {
  sensors: readonly DraftSensor[];
  /** The asset where it is the same for all rows. */
  asset: string;
  onChange: (sensors: DraftSensor[]) => void;
}) {
  const change = (column: string, part: Partial<DraftSensor>) =>
    onChange(sensors.map((sensor) => (sensor.column === column ? { ...sensor, ...part } : sensor)));
  return (
    <Table label="Columns of sensors">
      <thead>
        <tr>
          <Th>Take</Th>
          <Th>Column</Th>
          <Th>Sensor: {asset === "" ? "asset" : asset}-…</Th>
          <Th>Type</Th>
          <Th>Unit</Th>
        </tr>
      </thead>
      <tbody>
        {sensors.map((sensor) => {
          const field = (part: "suffix" | "sensor_type" | "unit", name: string, most: number) => (
            <Td>
              <Input
                aria-label={`${name} of ${sensor.column}`}
                value={sensor[part]}
                maxLength={most}
                disabled={!sensor.taken}
                onChange={(event) => change(sensor.column, { [part]: event.target.value })}
                className="h-7 min-w-24 text-12"
              />
            </Td>
          );
          return (
            <tr key={sensor.column}>
              <Td className="w-8">
                <Checkbox
                  checked={sensor.taken}
                  aria-label={`Take ${sensor.column}`}
                  onCheckedChange={(on) => change(sensor.column, { taken: on === true })}
                />
              </Td>
              <Td className="font-medium whitespace-nowrap">{sensor.column}</Td>
              {field("suffix", "Sensor", 100)}
              {field("sensor_type", "Type", 64)}
              {field("unit", "Unit", 32)}
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}

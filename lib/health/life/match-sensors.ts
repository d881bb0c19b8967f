import { type Conversion, conversion } from "../../domain/units.ts";
import type { ModelSensor } from "./life-parameters.ts";

/** A sensor of an asset as it reports. */
export interface OwnSensor {
  sensor_id: string;
  sensor_type: string;
  unit: string;
}

export interface Match {
  /** Index in the model's sensors. */
  model: number;
  /** What brings values into the model's unit. */
  convert: Conversion;
}

/** What is left of a sensor's id without its asset's: `ENGINE-001-T50` of `ENGINE-001` is `T50`. */
export function sensorKey(asset_id: string, sensor_id: string): string {
  if (!sensor_id.startsWith(asset_id) || sensor_id.length === asset_id.length) return sensor_id;
  return sensor_id.slice(asset_id.length).replace(/^[-_.:/ ]/, "") || sensor_id;
}

/**
 * Which sensor of the model a sensor of an asset is: the one with its key, or with a key that ends its id, or else the
 * only one of its type. `undefined` where there is none, or where the unit cannot become the model's.
 */
export function matchSensor(
  asset_id: string,
  own: OwnSensor,
  sensors: readonly ModelSensor[],
): Match | undefined {
  const key = sensorKey(asset_id, own.sensor_id).toLowerCase();
  const id = own.sensor_id.toLowerCase();
  let model = sensors.findIndex((sensor) => sensor.key.toLowerCase() === key);
  if (model < 0)
    model = sensors.findIndex(
      (sensor) => /[-_.:/ ]$/.test(id.slice(0, -sensor.key.length)) && id.endsWith(sensor.key.toLowerCase()),
    );
  if (model < 0) {
    const alike = sensors.flatMap(({ sensor_type }, i) => (sensor_type === own.sensor_type ? [i] : []));
    if (alike.length === 1) model = alike[0]!;
  }
  if (model < 0) return undefined;
  const convert = conversion(own.unit, sensors[model]!.unit);
  return convert && { model, convert };
}

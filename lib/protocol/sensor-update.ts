import type { Reading } from "../domain/reading.ts";
import type { EpochMs } from "../domain/time.ts";
import { toAsciiJson } from "./ascii-json.ts";
import { TimestampWriter } from "./rfc3339.ts";

interface SeriesText {
  sensor_type: string;
  unit: string;
  quality: string;
  /** From behind the timestamp to before the value. */
  before: string;
  /** From behind the value to before `received_at`. */
  after: string;
}

/** Series remembered by one encoder; beyond, it forgets and begins again. */
const MOST_SERIES = 50_000;

/** Writes readings of one tenant in the published form; what never changes of a series is escaped once. */
export class SensorUpdateEncoder {
  private readonly tenant: string;
  private readonly assets = new Map<string, Map<string, SeriesText>>();
  private series = 0;
  private readonly timestamps = new TimestampWriter();
  private readonly received = new TimestampWriter();

  constructor(tenant_id: string) {
    this.tenant = toAsciiJson(tenant_id);
  }

  /** @returns one `sensor_update` as ASCII JSON */
  encode(reading: Reading, received_at: EpochMs, cursor?: string): string {
    const { before, after } = this.textOf(reading);
    const end = cursor === undefined ? '"}' : `","cursor":"${cursor}"}`;
    return `{"type":"sensor_update","timestamp":"${this.timestamps.write(reading.timestamp)}${before}${
      Number.isFinite(reading.value) ? reading.value : "null"
    }${after}${this.received.write(received_at)}${end}`;
  }

  private textOf(reading: Reading): SeriesText {
    let sensors = this.assets.get(reading.asset_id);
    if (sensors === undefined) {
      sensors = new Map();
      this.assets.set(reading.asset_id, sensors);
    }
    const known = sensors.get(reading.sensor_id);
    if (
      known !== undefined &&
      known.quality === reading.quality &&
      known.unit === reading.unit &&
      known.sensor_type === reading.sensor_type
    )
      return known;
    if (known === undefined && ++this.series > MOST_SERIES) {
      this.assets.clear();
      this.series = 1;
      sensors = new Map();
      this.assets.set(reading.asset_id, sensors);
    }
    const { asset_id, sensor_id, sensor_type, unit, quality } = reading;
    const text: SeriesText = {
      sensor_type,
      unit,
      quality,
      before: `","data":{"asset_id":${toAsciiJson(asset_id)},"sensor_id":${toAsciiJson(sensor_id)},"sensor_type":${toAsciiJson(sensor_type)},"value":`,
      after: `,"unit":${toAsciiJson(unit)},"quality":"${quality}"},"tenant_id":${this.tenant},"channel":"sensor_data","received_at":"`,
    };
    sensors.set(sensor_id, text);
    return text;
  }
}

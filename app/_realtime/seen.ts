import type { EpochMs } from "../../lib/domain/time.ts";

const FIRST = 16;
/** More than one tick of a replay brings of one sensor; a resume repeats no more than a tick. */
const MOST = 512;

interface Recent {
  newest: EpochMs;
  times: Float64Array;
  count: number;
  next: number;
}

/** Tells the readings that have been here: of each sensor the newest time and the last 512 are known. */
export class SeenReadings {
  private readonly assets = new Map<string, Map<string, Recent>>();

  /** Notes the reading. @returns whether it is new */
  add(asset_id: string, sensor_id: string, timestamp: EpochMs): boolean {
    let sensors = this.assets.get(asset_id);
    if (sensors === undefined) {
      sensors = new Map();
      this.assets.set(asset_id, sensors);
    }
    const recent = sensors.get(sensor_id);
    if (recent === undefined) {
      const times = new Float64Array(FIRST);
      times[0] = timestamp;
      sensors.set(sensor_id, { newest: timestamp, times, count: 1, next: 1 });
      return true;
    }
    if (timestamp > recent.newest) recent.newest = timestamp;
    else if (recent.times.subarray(0, recent.count).includes(timestamp)) return false;
    if (recent.next === recent.times.length) {
      if (recent.count < MOST) {
        const larger = new Float64Array(recent.times.length * 2);
        larger.set(recent.times);
        recent.times = larger;
      } else recent.next = 0;
    }
    recent.times[recent.next++] = timestamp;
    recent.count = Math.max(recent.count, recent.next);
    return true;
  }

  clear(): void {
    this.assets.clear();
  }
}

/** Tells alert events and health scores that have been here. */
export class SeenEvents {
  private seq = 0;
  private readonly health = new Map<string, EpochMs>();

  alert(seq: number): boolean {
    if (seq <= this.seq) return false;
    this.seq = seq;
    return true;
  }

  /** The number that comes next where none is missing; `undefined` before the first. */
  get nextAlert(): number | undefined {
    return this.seq === 0 ? undefined : this.seq + 1;
  }

  /** A score that is not newer than its asset's last is not news. */
  score(asset_id: string, timestamp: EpochMs): boolean {
    const last = this.health.get(asset_id);
    if (last !== undefined && timestamp <= last) return false;
    this.health.set(asset_id, timestamp);
    return true;
  }

  forgetAlerts(): void {
    this.seq = 0;
  }

  forgetHealth(): void {
    this.health.clear();
  }
}

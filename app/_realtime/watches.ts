import { type FleetState, RING_LIMIT, type SensorState, WATCHED_RING_LIMIT } from "./fleet-state.ts";
import { keys } from "./store-keys.ts";

/** Which sensors somebody looks at: their rings keep more. */
export class Watches {
  private readonly counts = new Map<string, number>();

  constructor(private readonly fleet: FleetState) {}

  /** The sensor need not have sent yet. @returns ends this watch; the last one ended shrinks the ring */
  add(asset_id: string, sensor_id: string): () => void {
    const key = keys.sensor(asset_id, sensor_id);
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    this.fleet.sensor(asset_id, sensor_id)?.ring.resize(WATCHED_RING_LIMIT);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const left = this.counts.get(key)! - 1;
      if (left > 0) this.counts.set(key, left);
      else {
        this.counts.delete(key);
        this.fleet.sensor(asset_id, sensor_id)?.ring.resize(RING_LIMIT);
      }
    };
  }

  /** For a sensor that has just come to be known. */
  apply({ asset, sensor_id, ring }: SensorState): void {
    if (this.counts.has(keys.sensor(asset.asset_id, sensor_id))) ring.resize(WATCHED_RING_LIMIT);
  }
}

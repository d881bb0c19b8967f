/** A reading of the tests is known by its number, which is its value and, from `START` in steps, its time. */
const STEP_MS = 100;

export class Series {
  readonly assets: string[];

  constructor(
    count: number,
    /** Far enough back that no load of the tests gets ahead of the clock. */
    readonly start: number = Math.floor(Date.now() / 1_000) * 1_000 - 86_400_000,
  ) {
    this.assets = Array.from({ length: count }, (_, i) => `CHECK-${String(i + 1).padStart(3, "0")}`);
  }

  sensor(asset_id: string): string {
    return `${asset_id}-COUNT`;
  }

  reading(asset_id: string, n: number) {
    return {
      asset_id,
      sensor_id: this.sensor(asset_id),
      sensor_type: "count",
      value: n,
      unit: "1",
      quality: "good" as const,
      timestamp: new Date(this.start + n * STEP_MS).toISOString(),
    };
  }

  numberOf(timestamp: string | number): number {
    return (new Date(timestamp).getTime() - this.start) / STEP_MS;
  }
}

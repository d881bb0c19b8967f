import type { AlertCommand } from "../domain/alert-lifecycle.ts";
import type { HealthScore } from "../domain/health.ts";
import type { HealthModel } from "../domain/health-model.ts";
import type { Reading } from "../domain/reading.ts";
import type { EpochMs } from "../domain/time.ts";
import type { ProcessorEffects } from "../ports/store.ts";
import type { AssetState } from "./asset-state.ts";
import { encodeAsset } from "./state-codec.ts";

/** What one partition's readings have led to since the last commit. */
export class Pending<H> {
  readings: ProcessorEffects["readings"] = [];
  size = 0;
  private commands = new Map<string, AlertCommand[]>();
  private readonly scores: HealthScore[] = [];
  private touched = new Map<string, Set<AssetState<H>>>();

  constructor(
    readonly partition: number,
    /** Offset that the effects start from. */
    readonly from_offset: number,
    public next_offset: number = from_offset,
  ) {}

  get empty(): boolean {
    return this.size === 0 && this.touched.size === 0 && this.next_offset === this.from_offset;
  }

  addReadings(tenant_id: string, received_at: EpochMs, readings: Reading[], next_offset: number): void {
    this.readings.push({ tenant_id, received_at, readings });
    this.size += readings.length;
    this.next_offset = next_offset;
  }

  addCommand(tenant_id: string, command: AlertCommand): void {
    const own = this.commands.get(tenant_id);
    if (own === undefined) this.commands.set(tenant_id, [command]);
    else own.push(command);
  }

  addScore(score: HealthScore): void {
    this.scores.push(score);
  }

  /** An asset whose state has to be saved. */
  touch(tenant_id: string, asset: AssetState<H>): void {
    const own = this.touched.get(tenant_id);
    if (own === undefined) this.touched.set(tenant_id, new Set([asset]));
    else own.add(asset);
  }

  /** Everything for the store; the states as they are now. */
  effects(model: HealthModel<H>): ProcessorEffects {
    const { partition, from_offset, next_offset, readings } = this;
    return {
      partition,
      from_offset,
      next_offset,
      readings,
      commands: [...this.commands].map(([tenant_id, commands]) => ({ tenant_id, commands })),
      health: this.scores,
      state: [...this.touched].flatMap(([tenant_id, assets]) =>
        [...assets].map((asset) => ({
          tenant_id,
          asset_id: asset.asset_id,
          state: encodeAsset(asset, model),
          ...(asset.partition === partition && asset.included > next_offset && { included: asset.included }),
        })),
      ),
    };
  }
}

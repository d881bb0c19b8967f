import type { HealthModel } from "../domain/health-model.ts";
import type { Rule } from "../domain/rule.ts";
import type { EpochMs } from "../domain/time.ts";
import type { InstalledModel } from "../health/life/installed-model.ts";
import type { Store } from "../ports/store.ts";
import type { Logger } from "../ports/system.ts";
import { type AssetState, leaveLog, setAssetType, TYPE_SOURCE } from "./asset-state.ts";
import { loadModels, settleLives } from "./life-models.ts";
import { watchesSilence } from "./silence.ts";
import { decodeAsset } from "./state-codec.ts";

export type TenantStore = Pick<
  Store,
  "tenants" | "loadState" | "rules" | "assets" | "configVersion" | "models" | "page" | "history"
>;

export interface TenantState<H> {
  rules: Rule[];
  /** Models of remaining life, by type of asset. */
  models: Map<string, InstalledModel>;
  watches_silence: boolean;
  assets: Map<string, AssetState<H>>;
}

/** The state of every tenant, as saved and as it has become since; with the rules in force. */
export class TenantStates<H> {
  private readonly tenants = new Map<string, TenantState<H>>();
  private config_version: number | undefined;
  /** Receiving time of the newest reading that was loaded, −1 without one. */
  loaded_until: EpochMs = -1;

  constructor(
    private readonly store: TenantStore,
    private readonly model: HealthModel<H>,
    private readonly logger: Logger,
    /** The log whose records the states include. */
    private readonly log_id: string,
  ) {}

  async loadAll(): Promise<void> {
    // Before the rules: what changes after it is noticed.
    this.config_version = await this.store.configVersion();
    for (const { tenant_id } of await this.store.tenants()) await this.load(tenant_id);
  }

  known(tenant_id: string): TenantState<H> | undefined {
    return this.tenants.get(tenant_id);
  }

  all(): IterableIterator<[string, TenantState<H>]> {
    return this.tenants.entries();
  }

  async load(tenant_id: string): Promise<TenantState<H>> {
    const rules = await this.store.rules(tenant_id);
    const assets = new Map<string, AssetState<H>>();
    for (const { asset_id, state, included } of await this.store.loadState(tenant_id)) {
      try {
        const asset = decodeAsset(asset_id, state, this.model);
        if (included?.log_id === this.log_id && included.partition === asset.partition)
          asset.included = included.next_offset;
        if (included !== undefined && included.log_id !== this.log_id) leaveLog(asset);
        assets.set(asset_id, asset);
      } catch (error) {
        this.logger.error(
          { tenant_id, asset_id, error: error instanceof Error ? error.message : String(error) },
          "a saved state cannot be read; the asset is judged anew from here on",
        );
      }
    }
    for (const asset of assets.values())
      for (const { received_at } of asset.sensors)
        this.loaded_until = Math.max(this.loaded_until, received_at);
    const models = await loadModels(this.store, tenant_id, new Map(), this.logger);
    const loaded: TenantState<H> = { rules, models, watches_silence: watchesSilence(rules), assets };
    this.tenants.set(tenant_id, loaded);
    await this.takeAssetTypes(tenant_id, loaded);
    await settleLives(this.store, tenant_id, assets.values(), models, this.logger);
    return loaded;
  }

  /** Looks whether rules, models or asset types have changed. */
  async changed(): Promise<boolean> {
    return (await this.store.configVersion()) !== this.config_version;
  }

  /** Takes over what has changed; nothing may be uncommitted, or a type just read would be taken for another's choice. */
  async reload(): Promise<void> {
    this.config_version = await this.store.configVersion();
    for (const [tenant_id, tenant] of this.tenants) {
      tenant.rules = await this.store.rules(tenant_id);
      tenant.watches_silence = watchesSilence(tenant.rules);
      for (const asset of tenant.assets.values()) {
        asset.applied = undefined;
        for (const sensor of asset.sensors) sensor.applied = undefined;
      }
      tenant.models = await loadModels(this.store, tenant_id, tenant.models, this.logger);
      await this.takeAssetTypes(tenant_id, tenant);
      await settleLives(this.store, tenant_id, tenant.assets.values(), tenant.models, this.logger);
    }
  }

  private async takeAssetTypes(tenant_id: string, { assets }: TenantState<H>): Promise<void> {
    if (assets.size === 0) return;
    for (const { asset_id, asset_type } of await this.store.assets(tenant_id)) {
      const asset = assets.get(asset_id);
      if (asset !== undefined && asset.asset_type !== asset_type)
        setAssetType(asset, asset_type, TYPE_SOURCE.chosen);
    }
  }
}

import type { Tenant, TokenRecord, User } from "../domain/account.ts";
import type { AlertEvent } from "../domain/alert.ts";
import type { HealthScore } from "../domain/health.ts";
import type { Reading } from "../domain/reading.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Store } from "./store.ts";

/** An asset as it is stored, without what is made of its readings and alerts. */
export interface CarriedAsset {
  asset_id: string;
  asset_type: string;
  /** Who named the type: 0 made from the id, 1 a reading, 2 a person. */
  type_source: number;
  /** The newest score. */
  health?: HealthScore;
}

/** A store as it is carried over to another: all but browser sessions, positions in a log and what is shared for seconds. */
export interface CarriedStore
  extends Pick<
    Store,
    | "tenants"
    | "users"
    | "tokens"
    | "rules"
    | "models"
    | "uploads"
    | "settings"
    | "givenDefaults"
    | "assets"
    | "page"
    | "alertEvents"
    | "lastAlertSeq"
    | "alerts"
    | "loadState"
  > {
  /** In order of their ids. */
  carriedAssets(tenant_id: string): Promise<CarriedAsset[]>;
  /** An asset's scores of seconds after `after`, in order of time. */
  scores(tenant_id: string, asset_id: string, after: number, limit: number): Promise<HealthScore[]>;
  scoreCount(tenant_id: string, asset_id: string): Promise<number>;
}

/** A store that another one is carried into. Each call may be made again and then changes nothing. */
export interface CarryTarget
  extends CarriedStore,
    Pick<Store, "putRule" | "putModel" | "putUpload" | "putSettings" | "giveDefaults"> {
  putTenant(tenant: Tenant): Promise<void>;
  putUser(user: User): Promise<void>;
  putToken(token: TokenRecord): Promise<void>;
  putAssets(tenant_id: string, assets: readonly CarriedAsset[]): Promise<void>;
  putReadings(
    batches: readonly { tenant_id: string; received_at: EpochMs; readings: readonly Reading[] }[],
  ): Promise<void>;
  putScores(tenant_id: string, scores: readonly HealthScore[]): Promise<void>;
  /** Consecutive, from the one behind the last that is there. */
  putAlertEvents(tenant_id: string, events: readonly AlertEvent[]): Promise<void>;
  /** @param log_id of the log whose records the states include */
  putStates(
    tenant_id: string,
    states: readonly { asset_id: string; state: Uint8Array; partition: number }[],
    log_id: string,
  ): Promise<void>;
}

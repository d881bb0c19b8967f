import type { Tenant, TokenRecord, Upload, User } from "../domain/account.ts";
import type { Alert, AlertEvent, AlertState, Severity } from "../domain/alert.ts";
import type { AlertCommand } from "../domain/alert-lifecycle.ts";
import type { Asset } from "../domain/asset.ts";
import type { HealthScore } from "../domain/health.ts";
import type { HistoryPoint, HistoryQuery, TenantStats } from "../domain/history.ts";
import type { LogPosition } from "../domain/log-position.ts";
import type { Reading } from "../domain/reading.ts";
import type { Rule } from "../domain/rule.ts";
import type { StoredSettings } from "../domain/tenant-settings.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Service } from "./system.ts";

/** Every call names its tenant; nothing of another tenant can come back. */
export interface ReadingStore {
  /** In order of the assets' ids. */
  assets(tenant_id: string): Promise<Asset[]>;
  asset(tenant_id: string, asset_id: string): Promise<Asset | undefined>;
  setAssetType(tenant_id: string, asset_id: string, asset_type: string): Promise<void>;
  /** In order of time. Absent or foreign sensors give an empty list. */
  history(tenant_id: string, query: HistoryQuery): Promise<HistoryPoint[]>;
  /** Every reading of a sensor in order of time, in pages of bounded size: pass `after` = last timestamp of the page before. */
  page(
    tenant_id: string,
    query: {
      asset_id: string;
      sensor_id: string;
      from?: EpochMs;
      to?: EpochMs;
      after?: EpochMs;
      limit: number;
    },
  ): Promise<Reading[]>;
  stats(tenant_id: string): Promise<TenantStats>;
}

export interface HealthStore {
  /** In order of time; at most `max_points`, extremes kept. */
  healthHistory(
    tenant_id: string,
    query: { asset_id: string; from?: EpochMs; to?: EpochMs; max_points?: number },
  ): Promise<HealthScore[]>;
}

export interface AlertQuery {
  state?: AlertState[];
  severity?: Severity[];
  asset_id?: string;
  from?: EpochMs;
  to?: EpochMs;
  /** Id of the last alert of the page before. */
  after?: string;
  limit: number;
}

export interface AlertStore {
  /** Newest first by `raised_at`, then id. */
  alerts(tenant_id: string, query: AlertQuery): Promise<Alert[]>;
  alert(tenant_id: string, alert_id: string): Promise<{ alert: Alert; events: AlertEvent[] } | undefined>;
  /**
   * Decides each command against the present state (`decideAlert`) and appends what follows, atomically per
   * event. A command whose event_id exists already has been done and yields nothing.
   * @throws ForesightError `not_found`, `conflict` for a change that the state does not allow
   */
  execute(tenant_id: string, commands: AlertCommand[]): Promise<AlertEvent[]>;
  /** Events with seq > `after`, in order, at most `limit`. */
  alertEvents(tenant_id: string, after: number, limit: number): Promise<AlertEvent[]>;
  lastAlertSeq(tenant_id: string): Promise<number>;
  /** Identity of this alert log, the first part of the `alerts` cursor. */
  alertLogId(): Promise<string>;
  /** Calls back (soon, coalesced) when a tenant has new events; also for those of other threads and processes. */
  onAlertEvents(listener: (tenant_id: string, last_seq: number) => void): () => void;
}

export interface RuleStore {
  rules(tenant_id: string): Promise<Rule[]>;
  putRule(tenant_id: string, rule: Rule): Promise<void>;
  /** @returns false where there was none */
  deleteRule(tenant_id: string, rule_id: string): Promise<boolean>;
}

/** A model of remaining life that judges a tenant's assets of one type. */
export interface StoredModel {
  asset_type: string;
  model_id: string;
  installed_at: EpochMs;
  /** The model file, as installed. */
  file: string;
}

export interface ModelStore {
  /** In order of the types. */
  models(tenant_id: string): Promise<StoredModel[]>;
  /** In place of the one for the type, if there is one. */
  putModel(tenant_id: string, model: StoredModel): Promise<void>;
  /** @returns false where there was none */
  deleteModel(tenant_id: string, asset_type: string): Promise<boolean>;
}

/** What a tenant is given from the start, and again only where it never had it. */
export interface DefaultsStore {
  /** Keys (`rule/ID`, `model/TYPE`) of what the tenant was ever given; `undefined` of one from before that was remembered. */
  givenDefaults(tenant_id: string): Promise<string[] | undefined>;
  /**
   * Adds rules and models, each where the tenant has none of its id or type, and remembers `keys` as given besides those
   * that it knows already. The same again changes nothing; an unknown tenant is left alone.
   */
  giveDefaults(
    tenant_id: string,
    defaults: { keys: string[]; rules: Rule[]; models: StoredModel[] },
  ): Promise<void>;
}

export interface AccountStore {
  tenants(): Promise<Tenant[]>;
  tenant(tenant_id: string): Promise<Tenant | undefined>;
  /** Creates it with the default rules, which are remembered as given. @throws ForesightError `conflict` where it exists */
  addTenant(tenant: Tenant, rules: Rule[]): Promise<void>;
  users(tenant_id?: string): Promise<User[]>;
  user(username: string): Promise<User | undefined>;
  /** @throws ForesightError `conflict` where the name is taken, `not_found` where the tenant is not */
  addUser(user: User): Promise<void>;
  /** Changing the password, role or `disabled` revokes the user's sessions. @throws ForesightError `not_found` */
  updateUser(
    username: string,
    change: Partial<Pick<User, "password_hash" | "disabled" | "role">>,
    now: EpochMs,
  ): Promise<void>;
  addToken(record: TokenRecord): Promise<void>;
  tokens(tenant_id: string): Promise<TokenRecord[]>;
  /** @returns false where there was none */
  revokeToken(tenant_id: string, jti: string, now: EpochMs): Promise<boolean>;
  /** A browser session begins: it is known by its id until it expires or is revoked. */
  addSession(session: {
    session_id: string;
    username: string;
    tenant_id: string;
    expires_at: EpochMs;
  }): Promise<void>;
  revokeSession(session_id: string, now: EpochMs): Promise<void>;
  /**
   * The subset of these credentials (session ids, token ids) that no longer count: revoked, expired, unknown, or
   * of a disabled user. Asked at every HTTP request and about once a second for all open sockets.
   */
  revokedCredentials(credential_ids: string[], now: EpochMs): Promise<Set<string>>;
}

export interface UploadStore {
  putUpload(upload: Upload): Promise<void>;
  upload(tenant_id: string, id: string): Promise<Upload | undefined>;
  /** Newest first. */
  uploads(tenant_id: string, limit: number): Promise<Upload[]>;
}

export interface SettingsStore {
  /** `DEFAULT_SETTINGS` where none were ever put. */
  settings(tenant_id: string): Promise<StoredSettings>;
  putSettings(tenant_id: string, settings: StoredSettings): Promise<void>;
}

/** What a dashboard needs at once, read in one transaction, with the positions to go on from. */
export interface Snapshot {
  assets: Asset[];
  /** Not resolved. */
  alerts: Alert[];
  positions: {
    /** The processor's saved position, never the head: nothing falls between the snapshot and what follows. */
    sensor_data: LogPosition;
    health_scores: LogPosition;
    alerts: { log_id: string; seq: number };
  };
}

/** What the processor does to the store for one stretch of one partition of the log. */
export interface ProcessorEffects {
  partition: number;
  /** Offset after the last record that these effects include; the saved position is never set back. */
  next_offset: number;
  /** Position the effects start from; a commit whose start is not the saved position changes nothing and throws `conflict`. */
  from_offset: number;
  readings: { tenant_id: string; received_at: EpochMs; readings: Reading[] }[];
  commands: { tenant_id: string; commands: AlertCommand[] }[];
  health: HealthScore[];
  /**
   * Per asset state, opaque, kept as given. It includes the partition's records before `next_offset`, or before
   * `included` where that is further: a state that was loaded may be ahead of the position.
   */
  state: { tenant_id: string; asset_id: string; state: Uint8Array; included?: number }[];
  /** Where the scores were published to a log outside the store: the position behind them. */
  health_position?: LogPosition;
}

/**
 * A state as it was saved. `included`: the records of that partition before `next_offset` are in it. A store without
 * transactions saves states before the position, so after a crash a state may include records that the position does
 * not: they are not to be judged again for this asset. Places in a state of another log mean nothing in this one.
 */
export interface SavedState {
  asset_id: string;
  state: Uint8Array;
  included?: { log_id: string; partition: number; next_offset: number };
}

export interface ProcessorStore {
  /** Saved position of the processor in `sensor_readings`; offset 0 of every partition where it never ran. */
  processorPosition(log_id: string): Promise<LogPosition>;
  loadState(tenant_id: string): Promise<SavedState[]>;
  /**
   * All or nothing on the embedded store. On a store without transactions a commit that died half way may be seen in
   * part; made again from the same position it ends as if it had been made once. Stored duplicates (identity known) change nothing and are counted.
   * @throws ForesightError `conflict` (fenced), `storage_full`
   */
  commit(
    effects: ProcessorEffects,
  ): Promise<{ stored: number; duplicates: number; alert_events: AlertEvent[] }>;
}

export interface Store
  extends Service,
    ReadingStore,
    HealthStore,
    AlertStore,
    RuleStore,
    ModelStore,
    DefaultsStore,
    AccountStore,
    UploadStore,
    SettingsStore,
    ProcessorStore {
  snapshot(tenant_id: string): Promise<Snapshot>;
  /** Changes whenever rules, models or asset types of any tenant change; the processor reloads them on a change, within 2 s. */
  configVersion(): Promise<number>;
}

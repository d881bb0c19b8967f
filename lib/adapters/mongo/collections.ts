import type { Collection, Db, ObjectId } from "mongodb";
import type { Upload } from "../../domain/account.ts";
import type { Alert, AlertEvent, AlertState, Severity } from "../../domain/alert.ts";
import type { HealthScore } from "../../domain/health.ts";
import type { Reading } from "../../domain/reading.ts";
import type { Rule } from "../../domain/rule.ts";
import type { StoredSettings } from "../../domain/tenant-settings.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { StoredModel } from "../../ports/store.ts";

/** Type and unit that readings of a sensor came with. */
export type Kind = Pick<Reading, "sensor_type" | "unit">;

export interface TenantDoc {
  _id: string;
  name: string;
  created_at: EpochMs;
  retention_days?: number;
  /** Keys of the defaults that the tenant was given; absent of one from before that was remembered. */
  given?: string[];
}

export interface UserDoc {
  /** The name without case. */
  _id: string;
  username: string;
  tenant_id: string;
  role: string;
  password_hash: string;
  disabled: boolean;
  created_at: EpochMs;
  /** Counts changes that end sessions: a session of another epoch no longer counts. */
  epoch: number;
}

export interface TokenDoc {
  _id: string;
  tenant_id: string;
  name: string;
  role: string;
  created_by: string;
  created_at: EpochMs;
  expires_at: EpochMs;
  revoked: boolean;
}

export interface SessionDoc {
  _id: string;
  name_key: string;
  epoch: number;
  tenant_id: string;
  expires_at: EpochMs;
  revoked_at?: EpochMs;
  forget_at: Date;
}

export interface RuleDoc {
  _id: string;
  tenant_id: string;
  rule_id: string;
  rule: Rule;
}

export interface ModelDoc {
  _id: string;
  tenant_id: string;
  model: StoredModel;
}

export interface UploadDoc {
  _id: string;
  tenant_id: string;
  id: string;
  started_at: EpochMs;
  upload: Upload;
}

export interface SettingsDoc {
  /** The tenant's id. */
  _id: string;
  settings: StoredSettings;
}

export interface AssetDoc {
  _id: string;
  tenant_id: string;
  asset_id: string;
  asset_type: string;
  type_source: number;
  health?: HealthScore;
  /** Log and partition that the scores were made from. */
  health_source?: string;
  /** `source_offset` of the newest score of that partition. */
  health_offset?: number;
}

/**
 * A sensor of an asset and the root of all its readings: whoever replaces it under compare-and-set of `version` makes
 * everything visible at once that he has written before. Chunks and nodes are never changed, only replaced.
 */
export interface SeriesDoc {
  _id: ObjectId;
  tenant_id: string;
  asset_id: string;
  sensor_id: string;
  kinds: Kind[];
  version: ObjectId;
  /** `SeriesHead`: figures, newest reading and the tail of readings that lie in no chunk yet. */
  head: Uint8Array;
  /** Entry of the newest chunk, which still grows. */
  open?: Uint8Array;
  /** The node that lists what lies before the newest chunk. */
  root?: ObjectId;
}

export interface ChunkDoc {
  _id: ObjectId;
  series_id: ObjectId;
  data: Uint8Array;
  expires_at?: Date;
}

/** `levels` has one list of entries: of a node; or several, of a root: those of level 0, the newest, first. */
export interface NodeDoc {
  _id: ObjectId;
  series_id: ObjectId;
  levels: Uint8Array[];
  expires_at?: Date;
}

export interface HealthDoc {
  _id: string;
  tenant_id: string;
  asset_id: string;
  /** Second of event time. */
  second: number;
  score: number | null;
  health: HealthScore;
  expires_at?: Date;
}

export interface AlertDoc {
  _id: string;
  tenant_id: string;
  id: string;
  alert_key: string;
  asset_id: string;
  state: AlertState;
  active: boolean;
  severity: Severity;
  raised_at: EpochMs;
  /** Sequence number of the event that it is the projection of. */
  seq: number;
  alert: Alert;
}

export interface AlertHeadDoc {
  _id: string;
  /** Events up to this one are in the projection. */
  projected: number;
}

export interface PositionDoc {
  _id: string;
  log_id: string;
  partition: number;
  next_offset: number;
  /** Counts the commits that were begun: what an earlier one wrote, a later one may replace, never the other way. */
  fence: number;
  /** Where the published health scores of this partition end. */
  health?: { log_id: string; next: [partition: number, offset: number][] };
}

export interface AssetStateDoc {
  _id: string;
  tenant_id: string;
  asset_id: string;
  log_id: string;
  partition: number;
  /** The state includes this partition's records before it. */
  next_offset: number;
  fence: number;
  state: Uint8Array;
}

export interface MetaDoc {
  _id: string;
  value: string | number;
}

export interface WatcherDoc {
  _id: string;
  token: unknown;
  saved_at: EpochMs;
}

/** What foreign programs put in, unchecked; an `_id` of their own may be of any type. */
export interface InboxDoc {
  _id: ObjectId;
  [field: string]: unknown;
}

export interface QuarantineDoc {
  _id: string;
  reason: string;
  document: string;
  received_at: EpochMs;
  forget_at: Date;
}

export interface Collections {
  meta: Collection<MetaDoc>;
  tenants: Collection<TenantDoc>;
  users: Collection<UserDoc>;
  tokens: Collection<TokenDoc>;
  sessions: Collection<SessionDoc>;
  rules: Collection<RuleDoc>;
  models: Collection<ModelDoc>;
  uploads: Collection<UploadDoc>;
  settings: Collection<SettingsDoc>;
  assets: Collection<AssetDoc>;
  series: Collection<SeriesDoc>;
  chunks: Collection<ChunkDoc>;
  nodes: Collection<NodeDoc>;
  health: Collection<HealthDoc>;
  alerts: Collection<AlertDoc>;
  alert_heads: Collection<AlertHeadDoc>;
  alert_events: Collection<AlertEvent>;
  alerts_inbox: Collection<InboxDoc>;
  alerts_quarantine: Collection<QuarantineDoc>;
  positions: Collection<PositionDoc>;
  asset_states: Collection<AssetStateDoc>;
  watchers: Collection<WatcherDoc>;
}

/** Every collection by its name in the database. */
export function collectionsOf(db: Db): Collections {
  return {
    meta: db.collection("meta"),
    tenants: db.collection("tenants"),
    users: db.collection("users"),
    tokens: db.collection("tokens"),
    sessions: db.collection("sessions"),
    rules: db.collection("rules"),
    models: db.collection("models"),
    uploads: db.collection("uploads"),
    settings: db.collection("settings"),
    assets: db.collection("assets"),
    series: db.collection("series"),
    chunks: db.collection("chunks"),
    nodes: db.collection("nodes"),
    health: db.collection("health"),
    alerts: db.collection("alerts"),
    alert_heads: db.collection("alert_heads"),
    alert_events: db.collection("alert_events"),
    alerts_inbox: db.collection("alerts_inbox"),
    alerts_quarantine: db.collection("alerts_quarantine"),
    positions: db.collection("positions"),
    asset_states: db.collection("asset_states"),
    watchers: db.collection("watchers"),
  };
}

/** A tenant's id has no slash, so these are unique. */
export const idIn = (tenant_id: string, id: string): string => `${tenant_id}/${id}`;

/** A bytes field as the driver gives it is a view of the whole reply; this keeps only what is meant. */
export const bytesOf = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes);

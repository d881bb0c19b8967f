import { ForesightError } from "../../domain/errors.ts";
import type { SqliteDatabase } from "./sqlite.ts";

/**
 * Each step brings the store to the next `user_version`; a step that was ever published is never changed.
 *
 * Readings: a `series` is a sensor of an asset; `head` holds its figures, newest reading and newest readings; `chunk`
 * the sealed readings, whose ranges never overlap; `node` what is known of chunks without reading them (level 0: one
 * each) and of 32 nodes below (levels 1 and up).
 */
const MIGRATIONS = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
  INSERT INTO meta VALUES ('store_id', lower(hex(randomblob(8)))), ('alert_log_id', lower(hex(randomblob(8)))),
    ('config_version', 1), ('commits', 0);

  CREATE TABLE tenant (tenant_id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE user (
    name_key TEXT PRIMARY KEY, username TEXT NOT NULL, tenant_id TEXT NOT NULL REFERENCES tenant,
    role TEXT NOT NULL, password_hash TEXT NOT NULL, disabled INTEGER NOT NULL, created_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX user_of_tenant ON user (tenant_id);
  CREATE TABLE token (
    jti TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
    created_by TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, revoked INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX token_of_tenant ON token (tenant_id, created_at);
  CREATE TABLE session (
    session_id TEXT PRIMARY KEY, name_key TEXT NOT NULL, tenant_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL, revoked_at INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX session_of_user ON session (name_key);
  CREATE INDEX session_expiry ON session (expires_at);

  CREATE TABLE rule (
    tenant_id TEXT NOT NULL, rule_id TEXT NOT NULL, rule TEXT NOT NULL, PRIMARY KEY (tenant_id, rule_id)
  ) WITHOUT ROWID;
  CREATE TABLE upload (
    tenant_id TEXT NOT NULL, id TEXT NOT NULL, started_at INTEGER NOT NULL, upload TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
  ) WITHOUT ROWID;
  CREATE INDEX upload_newest ON upload (tenant_id, started_at DESC, id DESC);

  CREATE TABLE asset (
    tenant_id TEXT NOT NULL, asset_id TEXT NOT NULL, asset_type TEXT NOT NULL, type_source INTEGER NOT NULL,
    health TEXT, health_log_id TEXT, health_offset INTEGER, PRIMARY KEY (tenant_id, asset_id)
  ) WITHOUT ROWID;
  CREATE TABLE series (
    id INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, asset_id TEXT NOT NULL, sensor_id TEXT NOT NULL,
    kinds TEXT NOT NULL, UNIQUE (tenant_id, asset_id, sensor_id)
  );
  CREATE TABLE head (series_id INTEGER PRIMARY KEY, data BLOB NOT NULL);
  CREATE TABLE chunk (series_id INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (series_id, first)) WITHOUT ROWID;
  CREATE TABLE node (series_id INTEGER NOT NULL, level INTEGER NOT NULL, first INTEGER NOT NULL,
    last INTEGER NOT NULL, summary BLOB NOT NULL, PRIMARY KEY (series_id, level, first)) WITHOUT ROWID;

  CREATE TABLE health (
    tenant_id TEXT NOT NULL, asset_id TEXT NOT NULL, second INTEGER NOT NULL, score REAL, health TEXT NOT NULL,
    PRIMARY KEY (tenant_id, asset_id, second)
  ) WITHOUT ROWID;
  CREATE TABLE health_log (
    "offset" INTEGER PRIMARY KEY, tenant_id TEXT NOT NULL, received_at INTEGER NOT NULL, score TEXT NOT NULL
  );

  CREATE TABLE alert (
    tenant_id TEXT NOT NULL, id TEXT NOT NULL, alert_key TEXT NOT NULL, asset_id TEXT NOT NULL,
    state TEXT NOT NULL, severity TEXT NOT NULL, raised_at INTEGER NOT NULL, alert TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX alert_active ON alert (tenant_id, alert_key) WHERE state <> 'resolved';
  CREATE INDEX alert_newest ON alert (tenant_id, raised_at DESC, id DESC);
  CREATE TABLE alert_head (tenant_id TEXT PRIMARY KEY, last_seq INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE alert_event (
    tenant_id TEXT NOT NULL, seq INTEGER NOT NULL, event_id TEXT NOT NULL, alert_id TEXT NOT NULL,
    event TEXT NOT NULL, PRIMARY KEY (tenant_id, seq), UNIQUE (tenant_id, event_id)
  ) WITHOUT ROWID;
  CREATE INDEX alert_event_of_alert ON alert_event (tenant_id, alert_id, seq);

  CREATE TABLE position (
    log_id TEXT NOT NULL, log_partition INTEGER NOT NULL, next_offset INTEGER NOT NULL,
    PRIMARY KEY (log_id, log_partition)
  ) WITHOUT ROWID;
  CREATE TABLE asset_state (
    tenant_id TEXT NOT NULL, asset_id TEXT NOT NULL, state BLOB NOT NULL, PRIMARY KEY (tenant_id, asset_id)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE model (
    tenant_id TEXT NOT NULL, asset_type TEXT NOT NULL, model_id TEXT NOT NULL, installed_at INTEGER NOT NULL,
    file TEXT NOT NULL, PRIMARY KEY (tenant_id, asset_type)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE settings (tenant_id TEXT PRIMARY KEY, settings TEXT NOT NULL) WITHOUT ROWID;
  `,
  `
  ALTER TABLE tenant ADD COLUMN given TEXT;
  `,
  `
  ALTER TABLE asset_state ADD COLUMN log_id TEXT;
  `,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** @throws ForesightError `conflict` where the store was written by a newer FORESIGHT */
export function migrateStore(db: SqliteDatabase): void {
  if (schemaVersion(db) === SCHEMA_VERSION) return;
  db.transaction(() => {
    const version = schemaVersion(db);
    if (version > SCHEMA_VERSION)
      throw new ForesightError(
        "conflict",
        `${db.path} is of version ${version}, and this FORESIGHT knows ${SCHEMA_VERSION}; install the newer one again.`,
      );
    for (let step = version; step < SCHEMA_VERSION; step++) db.exec(MIGRATIONS[step]!);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
}

export function schemaVersion(db: SqliteDatabase): number {
  return db.prepare<{ user_version: number }>("PRAGMA user_version").get()!.user_version;
}

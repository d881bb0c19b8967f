import type { Upload } from "../../domain/account.ts";
import type { Rule } from "../../domain/rule.ts";
import { DEFAULT_SETTINGS, type StoredSettings } from "../../domain/tenant-settings.ts";
import type {
  ModelStore,
  RuleStore,
  SettingsStore,
  Store,
  StoredModel,
  UploadStore,
} from "../../ports/store.ts";
import type { SqliteDatabase } from "./sqlite.ts";
import type { Meta } from "./store-meta.ts";

type ConfigParts = RuleStore & ModelStore & UploadStore & SettingsStore & Pick<Store, "configVersion">;

/** Rules, models, uploads and settings. @param changed called after rules or models were changed */
export function createConfigStore(db: SqliteDatabase, meta: Meta, changed: () => void): ConfigParts {
  const selectRules = db.prepare<{ rule: string }>(
    "SELECT rule FROM rule WHERE tenant_id = ? ORDER BY rule_id",
  );
  const putRule = db.prepare("INSERT OR REPLACE INTO rule (tenant_id, rule_id, rule) VALUES (?, ?, ?)");
  const deleteRule = db.prepare("DELETE FROM rule WHERE tenant_id = ? AND rule_id = ?");
  const selectModels = db.prepare<StoredModel>(
    "SELECT asset_type, model_id, installed_at, file FROM model WHERE tenant_id = ? ORDER BY asset_type",
  );
  const putModel = db.prepare(
    "INSERT OR REPLACE INTO model (tenant_id, asset_type, model_id, installed_at, file) VALUES (?, ?, ?, ?, ?)",
  );
  const deleteModel = db.prepare("DELETE FROM model WHERE tenant_id = ? AND asset_type = ?");
  const putUpload = db.prepare(
    "INSERT OR REPLACE INTO upload (tenant_id, id, started_at, upload) VALUES (?, ?, ?, ?)",
  );
  const selectUpload = db.prepare<{ upload: string }>(
    "SELECT upload FROM upload WHERE tenant_id = ? AND id = ?",
  );
  const selectUploads = db.prepare<{ upload: string }>(
    "SELECT upload FROM upload WHERE tenant_id = ? ORDER BY started_at DESC, id DESC LIMIT ?",
  );
  const selectSettings = db.prepare<{ settings: string }>(
    "SELECT settings FROM settings WHERE tenant_id = ?",
  );
  const putSettings = db.prepare("INSERT OR REPLACE INTO settings (tenant_id, settings) VALUES (?, ?)");

  return {
    async rules(tenant_id) {
      return selectRules.all(tenant_id).map(({ rule }) => JSON.parse(rule) as Rule);
    },
    async putRule(tenant_id, rule) {
      db.transaction(() => {
        putRule.run(tenant_id, rule.id, JSON.stringify(rule));
        meta.increment("config_version");
      });
      changed();
    },
    async deleteRule(tenant_id, rule_id) {
      const deleted = db.transaction(() => {
        if (deleteRule.run(tenant_id, rule_id).changes === 0) return false;
        meta.increment("config_version");
        return true;
      });
      if (deleted) changed();
      return deleted;
    },
    async models(tenant_id) {
      return selectModels.all(tenant_id);
    },
    async putModel(tenant_id, { asset_type, model_id, installed_at, file }) {
      db.transaction(() => {
        putModel.run(tenant_id, asset_type, model_id, installed_at, file);
        meta.increment("config_version");
      });
      changed();
    },
    async deleteModel(tenant_id, asset_type) {
      const deleted = db.transaction(() => {
        if (deleteModel.run(tenant_id, asset_type).changes === 0) return false;
        meta.increment("config_version");
        return true;
      });
      if (deleted) changed();
      return deleted;
    },
    async configVersion() {
      return meta.get<number>("config_version")!;
    },
    async putUpload(upload) {
      putUpload.run(upload.tenant_id, upload.id, upload.started_at, JSON.stringify(upload));
    },
    async upload(tenant_id, id) {
      const row = selectUpload.get(tenant_id, id);
      return row && (JSON.parse(row.upload) as Upload);
    },
    async uploads(tenant_id, limit) {
      return selectUploads.all(tenant_id, limit).map(({ upload }) => JSON.parse(upload) as Upload);
    },
    async settings(tenant_id) {
      const row = selectSettings.get(tenant_id);
      return row === undefined ? DEFAULT_SETTINGS : (JSON.parse(row.settings) as StoredSettings);
    },
    async putSettings(tenant_id, settings) {
      putSettings.run(tenant_id, JSON.stringify(settings));
    },
  };
}

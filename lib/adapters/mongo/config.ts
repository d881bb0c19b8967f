import { DEFAULT_SETTINGS } from "../../domain/tenant-settings.ts";
import type { ModelStore, RuleStore, SettingsStore, Store, UploadStore } from "../../ports/store.ts";
import { type Collections, idIn } from "./collections.ts";
import type { Meta } from "./meta.ts";

type ConfigParts = RuleStore & ModelStore & UploadStore & SettingsStore & Pick<Store, "configVersion">;

/** Rules, models, uploads and settings. */
export function createConfigStore(
  { rules, models, uploads, settings }: Collections,
  meta: Meta,
): ConfigParts {
  return {
    async rules(tenant_id) {
      return (await rules.find({ tenant_id }).sort({ rule_id: 1 }).toArray()).map(({ rule }) => rule);
    },
    async putRule(tenant_id, rule) {
      await rules.updateOne(
        { _id: idIn(tenant_id, rule.id) },
        { $set: { tenant_id, rule_id: rule.id, rule } },
        { upsert: true },
      );
      // After the rule: whoever sees the new version sees it.
      await meta.increment("config_version");
    },
    async deleteRule(tenant_id, rule_id) {
      const { deletedCount } = await rules.deleteOne({ _id: idIn(tenant_id, rule_id) });
      if (deletedCount === 0) return false;
      await meta.increment("config_version");
      return true;
    },
    async models(tenant_id) {
      const found = await models.find({ tenant_id }).sort({ "model.asset_type": 1 }).toArray();
      return found.map(({ model }) => model);
    },
    async putModel(tenant_id, model) {
      const _id = idIn(tenant_id, model.asset_type);
      await models.updateOne({ _id }, { $set: { tenant_id, model } }, { upsert: true });
      await meta.increment("config_version");
    },
    async deleteModel(tenant_id, asset_type) {
      const { deletedCount } = await models.deleteOne({ _id: idIn(tenant_id, asset_type) });
      if (deletedCount === 0) return false;
      await meta.increment("config_version");
      return true;
    },
    async configVersion() {
      return (await meta.get<number>("config_version")) ?? 0;
    },
    async putUpload(upload) {
      const { tenant_id, id, started_at } = upload;
      await uploads.updateOne(
        { _id: idIn(tenant_id, id) },
        { $set: { tenant_id, id, started_at, upload } },
        { upsert: true },
      );
    },
    async upload(tenant_id, id) {
      return (await uploads.findOne({ _id: idIn(tenant_id, id) }))?.upload;
    },
    async uploads(tenant_id, limit) {
      const found = uploads.find({ tenant_id }).sort({ started_at: -1, id: -1 }).limit(limit);
      return (await found.toArray()).map(({ upload }) => upload);
    },
    async settings(tenant_id) {
      return (await settings.findOne({ _id: tenant_id }))?.settings ?? DEFAULT_SETTINGS;
    },
    async putSettings(tenant_id, given) {
      await settings.updateOne({ _id: tenant_id }, { $set: { settings: given } }, { upsert: true });
    },
  };
}

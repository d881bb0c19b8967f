import { ruleKey } from "../../domain/default-keys.ts";
import type { Rule } from "../../domain/rule.ts";
import type { DefaultsStore } from "../../ports/store.ts";
import type { SqliteDatabase } from "./sqlite.ts";
import type { Meta } from "./store-meta.ts";

export interface DefaultsParts extends DefaultsStore {
  /** A new tenant's rules, within the caller's transaction. */
  giveFirst(tenant_id: string, rules: readonly Rule[]): void;
}

/** What tenants are given from the start. @param changed called after rules or models were added */
export function createDefaultsStore(db: SqliteDatabase, meta: Meta, changed: () => void): DefaultsParts {
  const selectGiven = db.prepare<{ given: string | null }>("SELECT given FROM tenant WHERE tenant_id = ?");
  const putGiven = db.prepare("UPDATE tenant SET given = ? WHERE tenant_id = ?");
  const addRule = db.prepare("INSERT OR IGNORE INTO rule (tenant_id, rule_id, rule) VALUES (?, ?, ?)");
  const addModel = db.prepare(
    "INSERT OR IGNORE INTO model (tenant_id, asset_type, model_id, installed_at, file) VALUES (?, ?, ?, ?, ?)",
  );

  const given = (tenant_id: string): string[] | undefined => {
    const text = selectGiven.get(tenant_id)?.given ?? undefined;
    return text === undefined ? undefined : (JSON.parse(text) as string[]);
  };
  const remember = (tenant_id: string, keys: string[]) => {
    const all = new Set([...(given(tenant_id) ?? []), ...keys]);
    putGiven.run(JSON.stringify([...all].sort()), tenant_id);
  };
  return {
    giveFirst(tenant_id, rules) {
      for (const rule of rules) addRule.run(tenant_id, rule.id, JSON.stringify(rule));
      remember(
        tenant_id,
        rules.map(({ id }) => ruleKey(id)),
      );
      meta.increment("config_version");
    },
    async givenDefaults(tenant_id) {
      return given(tenant_id);
    },
    async giveDefaults(tenant_id, { keys, rules, models }) {
      const added = db.transaction(() => {
        if (selectGiven.get(tenant_id) === undefined) return false;
        remember(tenant_id, keys);
        let count = 0;
        for (const rule of rules) count += addRule.run(tenant_id, rule.id, JSON.stringify(rule)).changes;
        for (const { asset_type, model_id, installed_at, file } of models)
          count += addModel.run(tenant_id, asset_type, model_id, installed_at, file).changes;
        if (count > 0) meta.increment("config_version");
        return count > 0;
      });
      if (added) changed();
    },
  };
}

import { ruleKey } from "../../domain/default-keys.ts";
import type { Rule } from "../../domain/rule.ts";
import type { DefaultsStore } from "../../ports/store.ts";
import { type Collections, idIn } from "./collections.ts";
import { isDuplicateKey } from "./errors.ts";
import type { Meta } from "./meta.ts";

export interface DefaultsParts extends DefaultsStore {
  /** A new tenant's rules, before the tenant. @returns the keys to remember with it */
  giveFirst(tenant_id: string, rules: readonly Rule[]): Promise<string[]>;
}

/** Adds where nothing of the id is; another instance may be doing the same. */
async function unlessThere(adding: Promise<{ upsertedCount: number }>): Promise<number> {
  try {
    return (await adding).upsertedCount;
  } catch (error) {
    if (isDuplicateKey(error)) return 0;
    throw error;
  }
}

/** What tenants are given from the start. */
export function createDefaultsStore({ tenants, rules, models }: Collections, meta: Meta): DefaultsParts {
  const add = async (
    tenant_id: string,
    given: Pick<Parameters<DefaultsStore["giveDefaults"]>[1], "rules" | "models">,
  ) => {
    let added = 0;
    for (const rule of given.rules)
      added += await unlessThere(
        rules.updateOne(
          { _id: idIn(tenant_id, rule.id) },
          { $setOnInsert: { tenant_id, rule_id: rule.id, rule } },
          { upsert: true },
        ),
      );
    for (const model of given.models)
      added += await unlessThere(
        models.updateOne(
          { _id: idIn(tenant_id, model.asset_type) },
          { $setOnInsert: { tenant_id, model } },
          { upsert: true },
        ),
      );
    // After them: whoever sees the new version sees them.
    if (added > 0) await meta.increment("config_version");
  };
  return {
    async giveFirst(tenant_id, first) {
      await add(tenant_id, { rules: [...first], models: [] });
      return first.map(({ id }) => ruleKey(id));
    },
    async givenDefaults(tenant_id) {
      return (await tenants.findOne({ _id: tenant_id }))?.given;
    },
    async giveDefaults(tenant_id, { keys, ...given }) {
      if ((await tenants.findOne({ _id: tenant_id })) === null) return;
      await add(tenant_id, given);
      // Last: what died half way is given again, and what is there by then stays as it is.
      await tenants.updateOne({ _id: tenant_id }, { $addToSet: { given: { $each: keys } } });
    },
  };
}

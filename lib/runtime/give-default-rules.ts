import { ruleKey } from "../domain/default-keys.ts";
import { DEFAULT_RULES, rulesToGive } from "../domain/default-rules.ts";
import type { Store } from "../ports/store.ts";
import type { Logger } from "../ports/system.ts";

/** Gives tenants the default rules that came after them; what was changed or removed stays so. */
export async function giveDefaultRules(
  store: Pick<Store, "tenants" | "givenDefaults" | "giveDefaults">,
  logger: Logger,
): Promise<void> {
  const keys = DEFAULT_RULES.map(({ id }) => ruleKey(id));
  for (const { tenant_id } of await store.tenants()) {
    const given = await store.givenDefaults(tenant_id);
    const rules = rulesToGive(given);
    if (given !== undefined && rules.length === 0) continue;
    await store.giveDefaults(tenant_id, { keys, rules, models: [] });
    if (rules.length > 0)
      logger.info({ tenant_id, rules: rules.map(({ id }) => id) }, "new default rules were added");
  }
}

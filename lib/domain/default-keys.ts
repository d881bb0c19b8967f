/** By which it is remembered that a tenant was given a rule. */
export const ruleKey = (rule_id: string): string => `rule/${rule_id}`;

/** By which it is remembered that a tenant was given a model for a type of asset. */
export const modelKey = (asset_type: string): string => `model/${asset_type}`;

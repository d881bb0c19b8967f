import { clearAssetCommand, type JudgedAsset, judgeAsset } from "../domain/asset-rule-judgement.ts";
import type { HealthScore } from "../domain/health.ts";
import type { Rule } from "../domain/rule.ts";
import { assetRulesFor } from "../domain/rule-selection.ts";
import type { AssetState } from "./asset-state.ts";
import type { Effects } from "./effects.ts";

/**
 * Judges an asset by the rules of it, after a score; what is no longer in force is cleared.
 * @param rul_step a time step of the model that told its life, in the unit of it; absent where none did
 */
export function judgeByAssetRules<H>(
  asset: AssetState<H>,
  health: HealthScore,
  rules: readonly Rule[],
  rul_step: number | undefined,
  effects: Effects,
): void {
  const { asset_id, score, timestamp, received_at, source_offset: offset } = health;
  const judged: JudgedAsset = {
    ...{ asset_id, score, timestamp, received_at, offset },
    ...lifeOf(health, rul_step),
  };
  const known = asset.applied !== undefined;
  asset.applied ??= assetRulesFor(asset, rules);
  const { applied } = asset;
  if (!known)
    asset.rules = asset.rules.filter((state) => {
      if (applied.some(({ id }) => id === state.rule_id)) return true;
      if (state.active) effects.command(clearAssetCommand(state.rule_id, judged, null));
      return false;
    });
  for (const rule of applied) {
    const before = asset.rules.find(({ rule_id }) => rule_id === rule.id);
    const after = judgeAsset(rule, before, judged, (command) => effects.command(command));
    if (after === before) continue;
    asset.rules = asset.rules.filter((state) => state !== before);
    if (after !== undefined) asset.rules.push(after);
  }
}

function lifeOf(
  { rul, rul_unit }: HealthScore,
  rul_step: number | undefined,
): Pick<JudgedAsset, "rul" | "rul_unit" | "rul_step"> {
  if (rul === undefined || rul_unit === undefined || rul_step === undefined) return {};
  return { rul, rul_unit, rul_step };
}

import type { AlertCommand } from "../domain/alert-lifecycle.ts";
import type { Rule } from "../domain/rule.ts";
import { judgeSilence } from "../domain/rule-judgement.ts";
import { rulesFor } from "../domain/rule-selection.ts";
import type { EpochMs } from "../domain/time.ts";
import type { AssetState } from "./asset-state.ts";
import { replaceState } from "./judge.ts";

/** How time passes for silence. */
export interface SilenceClock {
  /** Up to here by the receiving clock everything that came has been processed. */
  known_until: EpochMs;
  /** The newest reading of what was loaded at the start, and how long after it nothing could be received. */
  loaded_until: EpochMs;
  downtime_ms: number;
  now: EpochMs;
}

/**
 * Judges an asset's silent sensors by the missing-data rules. Silence is measured by the receiving clock and only as
 * far as the log is processed, so a lagging processor takes nobody for silent; the time in which the processor did not
 * run does not count, so a restart does not either.
 * @returns whether anything has changed
 */
export function judgeAssetSilence<H>(
  asset: AssetState<H>,
  rules: readonly Rule[],
  clock: SilenceClock,
  emit: (command: AlertCommand) => void,
): boolean {
  let changed = false;
  for (const sensor of asset.sensors) {
    const { sensor_id, sensor_type, unit, offset, timestamp, received_at } = sensor;
    if (received_at < 0) continue;
    const { asset_id, asset_type } = asset;
    const applied = sensor.applied ?? rulesFor({ asset_id, asset_type, sensor_id, sensor_type, unit }, rules);
    // Where a state awaits its clearing, the next reading looks the rules up.
    if (sensor.rules.length === 0) sensor.applied = applied;
    for (const { rule } of applied) {
      if (rule.condition.kind !== "missing_data") continue;
      const excused = received_at <= clock.loaded_until ? clock.downtime_ms : 0;
      const before = sensor.rules.find(({ rule_id }) => rule_id === rule.id);
      const last = { asset_id, sensor_id, sensor_type, offset, timestamp };
      const silent_ms = clock.known_until - received_at - excused;
      const after = judgeSilence(rule, before, last, silent_ms, clock.now, emit);
      if (after === before) continue;
      replaceState(sensor, before, after);
      changed = true;
    }
  }
  return changed;
}

export function watchesSilence(rules: readonly Rule[]): boolean {
  return rules.some((rule) => rule.enabled && rule.condition.kind === "missing_data");
}

import type { Asset } from "../../lib/domain/asset.ts";
import type { Rule } from "../../lib/domain/rule.ts";
import { type PreviewedAlert, previewSensor } from "../../lib/domain/rule-preview.ts";
import { rulesFor } from "../../lib/domain/rule-selection.ts";
import type { EpochMs } from "../../lib/domain/time.ts";
import type { App } from "../../lib/runtime/handle.ts";

const PAGE = 10_000;
/** What one preview reads at most: about a second's work. */
const MOST_READINGS = 1_000_000;
const MOST_NAMED = 100;

export interface RulePreview {
  from: EpochMs;
  to: EpochMs;
  /** How many times the condition would have been entered. */
  raised: number;
  /** The first of them in order of time. */
  alerts: PreviewedAlert[];
  /** Sensors that the rule would watch, and on how many of them something would have been raised. */
  sensors: number;
  raising_sensors: number;
  /** Sensors that match, but for which a more specific rule of the same severity stands before it. */
  overruled: number;
  /** Sensors whose unit cannot be converted into the rule's. */
  unconvertible: number;
  readings: number;
  /** All of the range was judged; else only as much as one preview may read. */
  complete: boolean;
}

/** Judges the stored history of a tenant by a rule that need not be saved. */
export async function previewRule(
  store: Pick<App["store"], "assets" | "rules" | "page">,
  tenant_id: string,
  given: Rule,
  hours: number,
  signal: AbortSignal,
  most_readings = MOST_READINGS,
): Promise<RulePreview> {
  const rule = { ...given, enabled: true };
  const [assets, rules] = await Promise.all([store.assets(tenant_id), store.rules(tenant_id)]);
  const others = rules.filter(({ id }) => id !== rule.id);
  const watched = sensorsOf(assets).flatMap(({ sensor, newest }) => {
    const alone = rulesFor(sensor, [rule])[0];
    if (alone === undefined) return [];
    const applied = rulesFor(sensor, [...others, rule]).some((one) => one.rule.id === rule.id);
    return [{ sensor, newest, alone, applied }];
  });
  const judged = watched.filter(({ applied, alone }) => applied && alone.toRule !== undefined);
  const to = judged.reduce((latest, { newest }) => Math.max(latest, newest), 0);
  const from = Math.max(0, to - hours * 3_600_000);
  const alerts: PreviewedAlert[] = [];
  let readings = 0;
  let raising_sensors = 0;
  let complete = true;
  for (const { sensor, alone } of judged) {
    const preview = previewSensor(alone, sensor);
    const { asset_id, sensor_id } = sensor;
    for (let after: EpochMs | undefined; ; ) {
      signal.throwIfAborted();
      if (readings >= most_readings) {
        complete = false;
        break;
      }
      const page = await store.page(tenant_id, {
        asset_id,
        sensor_id,
        from,
        to,
        ...(after !== undefined && { after }),
        limit: PAGE,
      });
      preview.judge(page);
      readings += page.length;
      if (page.length < PAGE) break;
      after = page.at(-1)!.timestamp;
    }
    if (preview.raised().length > 0) raising_sensors++;
    for (const alert of preview.raised()) alerts.push(alert);
  }
  alerts.sort((a, b) => a.timestamp - b.timestamp);
  return {
    from,
    to,
    raised: alerts.length,
    alerts: alerts.slice(0, MOST_NAMED),
    sensors: judged.length,
    raising_sensors,
    overruled: watched.filter(({ applied }) => !applied).length,
    unconvertible: watched.filter(({ applied, alone }) => applied && alone.toRule === undefined).length,
    readings,
    complete,
  };
}

function sensorsOf(assets: readonly Asset[]) {
  return assets.flatMap(({ asset_id, asset_type, sensors }) =>
    sensors.map(({ sensor_id, sensor_type, unit, latest }) => ({
      sensor: { asset_id, asset_type, sensor_id, sensor_type, unit },
      newest: latest.timestamp,
    })),
  );
}

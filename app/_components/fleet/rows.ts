import type { Severity } from "../../../lib/domain/alert.ts";
import { STALE_AFTER_MS } from "../../../lib/domain/stale-score.ts";
import type { WireAlert, WireAsset, WireHealth } from "../../../lib/protocol/messages.ts";
import { formatDuration } from "../ui/format.ts";
import { type Life, lifeOf, lifeParts, type ShownUnit } from "../ui/life.ts";
import type { Risk } from "../ui/risk.tsx";

/** Less than this of the loss of health is noise and no reason. */
const LEAST_POINTS = 3;

/** Less than this share of the life as new is none either. */
const LEAST_LIFE = 0.05;

/** Why an asset stands where it stands. */
export type Why =
  | {
      kind: "alert";
      sensor_id: string | undefined;
      title: string;
      severity: Severity;
      threshold: number | undefined;
      /** What was measured when it was raised: tells on which side of the limit. */
      metric_value: number | null;
      raised_at: number;
      occurrences: number;
      /** Of the threshold: the rule's, which may differ from the sensor's. */
      unit: string | undefined;
    }
  | { kind: "evidence"; sensor_id: string; points: number }
  | { kind: "life"; sensor_id: string; taken: number; unit: ShownUnit }
  | { kind: "silent"; since: number; was: number | null }
  | { kind: "reason"; text: string }
  | { kind: "fine" };

/** What the table of assets shows of one. */
export interface FleetRow {
  asset_id: string;
  asset_type: string;
  risk: Risk;
  score: number | null;
  /** Remaining life; `undefined` where no model judges the asset. */
  life: Life | undefined;
  why: Why;
  /** Sensors by need: those of open alerts, then those that cost health, then the rest. */
  sensors: readonly string[];
  /** Further sensors that carry the loss of health. */
  together: readonly string[];
  alerts: { critical: number; warning: number; info: number };
  received_at: number;
}

export const RISK_ORDER: readonly Risk[] = ["critical", "high", "unknown", "medium", "low"];
const SEVERITY_ORDER: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };

export function riskOf(asset: WireAsset, now: number): Risk {
  if (now - Date.parse(asset.received_at) > STALE_AFTER_MS) return "unknown";
  return asset.health?.risk_level ?? "unknown";
}

/** A judgement whose readings are old says nothing of now: score and life are withheld, with the reason. */
export function withholdStale(
  health: WireHealth | undefined,
  received_at: number,
  now: number,
): WireHealth | undefined {
  if (health === undefined || now - received_at <= STALE_AFTER_MS) return health;
  const last = lastScore(health);
  const was = last === null ? "" : `; health was ${Math.round(last)}`;
  return {
    ...health,
    score: null,
    risk_level: null,
    reason: `no data for ${formatDuration(now - received_at)}${was}`,
    evidence: [],
    ...(health.rul !== undefined && { rul: null, rul_low: null, rul_high: null }),
  };
}

/** The score before it was withheld for want of data. */
function lastScore({ score, last_score }: WireHealth): number | null {
  return score ?? last_score ?? null;
}

function worstFirst(a: WireAlert, b: WireAlert): number {
  return SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] || (a.raised_at < b.raised_at ? 1 : -1);
}

/** Sensors by what they take: of the life where a risk follows from it, else of health. */
function carriersOf(health: WireHealth | undefined): Extract<Why, { kind: "life" | "evidence" }>[] {
  if (health === undefined) return [];
  const { evidence, risk_level, rul_evidence = [], rul_as_new = 0, unit } = lifeParts(health);
  const taking = rul_evidence.filter(({ rul }) => -rul >= LEAST_LIFE * rul_as_new);
  if (risk_level !== "low" && taking.length > 0)
    return taking.map(({ sensor_id, rul }) => ({ kind: "life", sensor_id, taken: -rul, unit }));
  return evidence
    .filter(({ points }) => points >= LEAST_POINTS)
    .map(({ sensor_id, points }) => ({ kind: "evidence", sensor_id, points }));
}

function whyOf(asset: WireAsset, open: readonly WireAlert[], now: number): Why {
  const received = Date.parse(asset.received_at);
  if (now - received > STALE_AFTER_MS)
    return { kind: "silent", since: received, was: asset.health ? lastScore(asset.health) : null };
  const [carrier] = carriersOf(asset.health);
  const worst =
    open.find((one) => one.severity === open[0]!.severity && one.sensor_id !== undefined) ?? open[0];
  // An alert of the asset as a whole says less than the sensor that it is due to.
  if (worst !== undefined && (worst.sensor_id !== undefined || carrier === undefined))
    return {
      kind: "alert",
      sensor_id: worst.sensor_id,
      title: worst.title,
      severity: worst.severity,
      threshold: worst.threshold,
      metric_value: worst.metric_value,
      raised_at: Date.parse(worst.raised_at),
      occurrences: worst.occurrences,
      unit: worst.unit,
    };
  if (asset.health === undefined) return { kind: "reason", text: "Health not judged yet" };
  if (carrier !== undefined) return carrier;
  if (asset.health.score === null)
    return { kind: "reason", text: asset.health.reason ?? "Health withheld: too little data" };
  return { kind: "fine" };
}

/** One asset as the table shows it; `alerts` are those of the tenant that are not closed. */
export function fleetRow(asset: WireAsset, alerts: readonly WireAlert[], now: number): FleetRow {
  const open = alerts.filter((alert) => alert.asset_id === asset.asset_id).sort(worstFirst);
  const why = whyOf(asset, open, now);
  const evidence = asset.health?.evidence ?? [];
  const carriers = carriersOf(asset.health);
  const health = withholdStale(asset.health, Date.parse(asset.received_at), now);
  const named = [
    ...open.flatMap(({ sensor_id }) => (sensor_id === undefined ? [] : [sensor_id])),
    ...carriers.map(({ sensor_id }) => sensor_id),
    ...evidence.map(({ sensor_id }) => sensor_id),
  ];
  const known = new Set(asset.sensors.map(({ sensor_id }) => sensor_id));
  const sensors = [...new Set([...named.filter((id) => known.has(id)), ...known])];
  const counts = { critical: 0, warning: 0, info: 0 };
  for (const { severity } of open) counts[severity]++;
  const first = "sensor_id" in why ? why.sensor_id : undefined;
  return {
    asset_id: asset.asset_id,
    asset_type: asset.asset_type,
    risk: riskOf(asset, now),
    score: health?.score ?? null,
    life: lifeOf(health),
    why,
    sensors,
    together: carriers
      .filter(({ sensor_id }) => sensor_id !== first)
      .slice(0, 2)
      .map(({ sensor_id }) => sensor_id),
    alerts: counts,
    received_at: Date.parse(asset.received_at),
  };
}

/**
 * Cycles, minutes and days cannot be compared, but what share is left of what each model sees can; so fine that no row
 * jumps for little. An asset without a known life stands after those with one.
 */
function compareLife(a: Life | undefined, b: Life | undefined): number {
  const left = (life: Life | undefined) =>
    life?.kind === "known" ? Math.round((100 * life.rul) / life.most) : Number.POSITIVE_INFINITY;
  const [one, other] = [left(a), left(b)];
  return one === other ? 0 : one - other;
}

/** By group of risk, in each the shortest remaining life first, then the least healthy; what sent nothing longest first among the silent. */
export function compareRows(a: FleetRow, b: FleetRow): number {
  const group = RISK_ORDER.indexOf(a.risk) - RISK_ORDER.indexOf(b.risk);
  if (group !== 0) return group;
  if (a.risk === "unknown" && a.received_at !== b.received_at) return a.received_at - b.received_at;
  const life = compareLife(a.life, b.life);
  if (life !== 0) return life;
  const score = (a.score ?? 101) - (b.score ?? 101);
  return Math.round(score) !== 0 ? score : a.asset_id.localeCompare(b.asset_id, "en", { numeric: true });
}

export function fleetRows(
  assets: readonly WireAsset[],
  alerts: readonly WireAlert[],
  now: number,
): FleetRow[] {
  const open = alerts.filter(({ state }) => state === "open" || state === "acknowledged");
  const byAsset = new Map<string, WireAlert[]>();
  for (const alert of open) {
    const held = byAsset.get(alert.asset_id);
    if (held) held.push(alert);
    else byAsset.set(alert.asset_id, [alert]);
  }
  return assets.map((asset) => fleetRow(asset, byAsset.get(asset.asset_id) ?? [], now)).sort(compareRows);
}

/** The order that was on screen, kept while somebody points at it; what is new comes last. */
export function keepOrder(rows: readonly FleetRow[], shown: readonly string[]): FleetRow[] {
  const place = new Map(shown.map((id, index) => [id, index]));
  return [...rows].sort(
    (a, b) =>
      (place.get(a.asset_id) ?? Number.MAX_SAFE_INTEGER) -
        (place.get(b.asset_id) ?? Number.MAX_SAFE_INTEGER) || compareRows(a, b),
  );
}

/** Whether two rows would be drawn alike. */
export function sameRow(a: FleetRow, b: FleetRow): boolean {
  return (
    a.asset_id === b.asset_id &&
    a.asset_type === b.asset_type &&
    a.risk === b.risk &&
    (a.score === null ? b.score === null : b.score !== null && Math.round(a.score) === Math.round(b.score)) &&
    Math.floor(a.received_at / 1000) === Math.floor(b.received_at / 1000) &&
    a.alerts.critical === b.alerts.critical &&
    a.alerts.warning === b.alerts.warning &&
    a.alerts.info === b.alerts.info &&
    JSON.stringify(a.life) === JSON.stringify(b.life) &&
    JSON.stringify(a.why) === JSON.stringify(b.why) &&
    a.sensors.length === b.sensors.length &&
    a.sensors[0] === b.sensors[0] &&
    a.sensors[1] === b.sensors[1] &&
    a.sensors[2] === b.sensors[2] &&
    a.together.join() === b.together.join()
  );
}

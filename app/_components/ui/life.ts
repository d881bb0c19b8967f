import type { LifeUnit } from "../../../lib/domain/health.ts";
import type { WireHealth } from "../../../lib/protocol/messages.ts";
import { formatNumber } from "./format.ts";

/** What lives are shown in: hours too long or too short for the model that tells them become days or minutes. */
export type ShownUnit = LifeUnit | "days" | "minutes";

/** Remaining life as it is shown: a median and an interval, perhaps with a caution, or the reason why there is none. */
export type Life =
  | { kind: "known"; rul: number; low: number; high: number; most: number; unit: ShownUnit; caution?: string }
  | { kind: "withheld"; reason: string };
export type KnownLife = Extract<Life, { kind: "known" }>;

type LifeFields = Pick<WireHealth, "rul" | "rul_low" | "rul_high" | "rul_unit" | "rul_most" | "reason"> &
  Partial<Pick<WireHealth, "score">>;

/** As far as a model sees where it does not say so. */
const MOST = 125;
const SCALES: { unit: ShownUnit; hours: number; below: number }[] = [
  { unit: "minutes", hours: 1 / 60, below: 2 },
  { unit: "hours", hours: 1, below: 240 },
  { unit: "days", hours: 24, below: Number.POSITIVE_INFINITY },
];

/** What a life is shown in, by how far its model sees, so it stays the same while the life shortens; and one of it in the life's own unit. */
export function lifeScale({
  rul_unit = "cycles",
  rul_most = MOST,
}: Pick<LifeFields, "rul_unit" | "rul_most">): {
  unit: ShownUnit;
  one: number;
} {
  if (rul_unit === "cycles") return { unit: "cycles", one: 1 };
  const { unit, hours } = SCALES.find(({ below }) => rul_most < below)!;
  return { unit, one: hours };
}

/** @returns `undefined` where no model judges the asset */
export function lifeOf(health: LifeFields | undefined): Life | undefined {
  if (health?.rul === undefined) return undefined;
  const { score, rul, rul_low, rul_high, rul_most = MOST, reason } = health;
  if (rul === null) return { kind: "withheld", reason: reason ?? "insufficient data" };
  const { unit, one } = lifeScale(health);
  const [low, high] = [(rul_low ?? rul) / one, (rul_high ?? rul) / one];
  return {
    ...{ kind: "known", rul: rul / one, low, high, most: rul_most / one, unit },
    ...(score !== null && reason !== undefined && { caution: reason }),
  };
}

/** What a remaining life comes from, in the unit that it is shown in. */
export function lifeParts<
  T extends Pick<WireHealth, "rul" | "rul_unit" | "rul_most" | "rul_as_new" | "rul_by_age" | "rul_evidence">,
>(health: T): T & { unit: ShownUnit } {
  const { unit, one } = lifeScale(health);
  const { rul, rul_as_new, rul_by_age, rul_evidence } = health;
  return {
    ...health,
    unit,
    ...(rul != null && { rul: rul / one }),
    ...(rul_as_new !== undefined && { rul_as_new: rul_as_new / one }),
    ...(rul_by_age !== undefined && { rul_by_age: rul_by_age / one }),
    ...(rul_evidence && { rul_evidence: rul_evidence.map((part) => ({ ...part, rul: part.rul / one })) }),
  };
}

/** "42"; "3.4" of few that are no cycles. */
export function lifeNumber(value: number, unit: ShownUnit): string {
  return formatNumber(value, unit !== "cycles" && Math.abs(value) < 10 ? 1 : 0);
}

/** "31–55" */
export function intervalInWords({ low, high, unit }: KnownLife): string {
  return `${lifeNumber(low, unit)}–${lifeNumber(high, unit)}`;
}

/** How far the model sees: "125", "4", "1.7" */
function endNumber({ most, unit }: KnownLife): string {
  const tenths = Math.round(10 * most) / 10;
  return Number.isInteger(tenths) ? formatNumber(tenths, 0) : lifeNumber(most, unit);
}

/** "42"; as far as the model sees "> 125" */
export function lifeFigure(life: KnownLife): string {
  const { rul, most, unit } = life;
  return rul >= most ? `> ${endNumber(life)}` : lifeNumber(rul, unit);
}

/** "125 cycles": the end of the scale. */
export function scaleEnd(life: KnownLife): string {
  return `${endNumber(life)} ${life.unit}`;
}

/** The unit in a narrow column; none of cycles, which need no name there. */
export const LIFE_SYMBOLS: Record<ShownUnit, string> = {
  cycles: "",
  minutes: "min",
  hours: "h",
  days: "d",
};

/** "30 cycles", "1 hour", "2.4 minutes" */
export function lifeAmount(value: number, unit: ShownUnit): string {
  const figure = lifeNumber(value, unit);
  return `${figure} ${Number(figure) === 1 ? unit.slice(0, -1) : unit}`;
}

/** "42 cycles, 31–55" */
export function lifeInWords(life: KnownLife): string {
  const { rul, most, unit } = life;
  const words = rul >= most ? `${lifeFigure(life)} ${unit}` : lifeAmount(rul, unit);
  return `${words}, ${intervalInWords(life)}`;
}

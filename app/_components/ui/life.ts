import type { LifeUnit } from "../../../lib/domain/health.ts";
import type { WireHealth } from "../../../lib/protocol/messages.ts";
import { formatNumber, plural } from "./format.ts";

/** Remaining life as it is shown: a median and an interval, or the reason why there is none. */
export type Life =
  | { kind: "known"; rul: number; low: number; high: number; unit: LifeUnit }
  | { kind: "withheld"; reason: string };

/** The scale of remaining life, the same in every row, so a glance down the column ranks the fleet. */
export const LIFE_SCALE: Record<LifeUnit, number> = { cycles: 125, hours: 125 };

/** @returns `undefined` where no model judges the asset */
export function lifeOf(
  health: Pick<WireHealth, "rul" | "rul_low" | "rul_high" | "rul_unit" | "reason"> | undefined,
): Life | undefined {
  if (health?.rul === undefined) return undefined;
  const { rul, rul_low, rul_high, rul_unit, reason } = health;
  if (rul === null) return { kind: "withheld", reason: reason ?? "insufficient data" };
  return { kind: "known", rul, low: rul_low ?? rul, high: rul_high ?? rul, unit: rul_unit ?? "cycles" };
}

function figure(value: number, unit: LifeUnit): string {
  return formatNumber(value, unit === "hours" && value < 10 ? 1 : 0);
}

/** "31–55" */
export function intervalInWords({ low, high, unit }: Extract<Life, { kind: "known" }>): string {
  return `${figure(low, unit)}–${figure(high, unit)}`;
}

/** "42"; beyond the scale "> 125" */
export function lifeFigure({ rul, unit }: Extract<Life, { kind: "known" }>): string {
  const most = LIFE_SCALE[unit];
  return rul > most ? `> ${most}` : figure(rul, unit);
}

/** "42 cycles, 31–55" */
export function lifeInWords(life: Extract<Life, { kind: "known" }>): string {
  const one = life.unit === "hours" ? "hour" : "cycle";
  const words = figure(life.rul, life.unit) === "1" ? plural(1, one) : `${lifeFigure(life)} ${one}s`;
  return `${words}, ${intervalInWords(life)}`;
}

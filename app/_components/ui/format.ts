import { unitSymbol as symbolOf } from "../../../lib/domain/units.ts";
import { inZone, zoneName } from "./zone.ts";

const NARROW = "\u202f";
const MINUS = "\u2212";

/** The symbol people read for a unit as programs spell it; unknown units stay as they came. */
export function unitSymbol(unit: string | undefined): string {
  return unit === undefined ? "" : symbolOf(unit);
}

/** Decimals so that about five significant digits are left, at most four of them after the point. */
function decimalsFor(value: number): number {
  const size = Math.abs(value);
  if (size >= 10_000) return 0;
  if (size >= 100) return 1;
  if (size >= 10) return 2;
  if (size >= 1) return 3;
  return 4;
}

/** 1425.4 → "1 425.4": thousands by U+202F, minus as U+2212, no trailing zeros unless `decimals` is given. */
export function formatNumber(value: number | null | undefined, decimals?: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.0001 || size >= 1e12)) return value.toExponential(2).replaceAll("-", MINUS);
  const text =
    decimals === undefined ? String(Number(size.toFixed(decimalsFor(size)))) : size.toFixed(decimals);
  const [whole = "0", fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, NARROW);
  const sign = value < 0 && Number(text) !== 0 ? MINUS : "";
  return `${sign}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** The number and its unit as one piece of text. */
export function formatValue(value: number | null | undefined, unit?: string): string {
  const symbol = unitSymbol(unit);
  return symbol === "" || value === null || value === undefined
    ? formatNumber(value)
    : `${formatNumber(value)}\u00a0${symbol}`;
}

/** How long ago, in the coarsest words that still say it: "0.8 s", "48 s", "6 min", "4 h 12 min", "3 d 4 h". */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  if (days < 7) return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
  return days < 365 ? `${days} d` : `${(days / 365.25).toFixed(1)} years`;
}

/** Like `formatDuration`, whole seconds only: for ages that tick. */
export function formatAge(ms: number): string {
  return ms < 1_000 ? "< 1 s" : ms < 90_000 ? `${Math.floor(ms / 1000)} s` : formatDuration(ms);
}

const two = (part: number): string => String(part).padStart(2, "0");

/** "12:34" in the plant's time zone, or the reader's own. */
export function formatClock(at: number, seconds = false): string {
  const date = inZone(at);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}${seconds ? `:${two(date.getUTCSeconds())}` : ""}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "3 Mar 2026" */
export function formatDate(at: number): string {
  const date = inZone(at);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** "3 Mar 2026 12:34:07" */
export function formatDateTime(at: number, seconds = true): string {
  return `${formatDate(at)} ${formatClock(at, seconds)}`;
}

/** "3 Mar 2026 12:34:07 CET": a moment by itself, whose zone no place around it names. */
export function formatMoment(at: number): string {
  return `${formatDateTime(at)} ${zoneName(at)}`;
}

/** The clock alone on the day of `now`, with its date otherwise. */
export function formatWhen(at: number, now: number, seconds = false): string {
  if (formatDate(at) === formatDate(now)) return formatClock(at, seconds);
  const date = inZone(at);
  const year = date.getUTCFullYear();
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}${
    year === inZone(now).getUTCFullYear() ? "" : ` ${year}`
  } ${formatClock(at, seconds)}`;
}

/** "3 alerts", "1 alert" */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** "12.3 MB" */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = -1;
  do {
    size /= 1_000;
    unit++;
  } while (size >= 999.5 && unit < units.length - 1);
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

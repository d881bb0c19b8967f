import type { EpochMs } from "./time.ts";

const HOUR_MS = 3_600_000;
const DAY_BINS = 24;
export const SEASON_BINS = DAY_BINS + 7 * DAY_BINS;
/** A bin is known after so many visits (days or weeks), each of which moves it by at least this much. */
const VISITS = 2;
const LEAST_STEP = 0.2;
/** Weight of the newest error in what is remembered of how well each profile foretells. */
const ERROR_STEP = 0.005;

/** Profiles of the day and of the week by the hour, UTC, and how far each has been off. */
export interface Season {
  means: Float64Array;
  visits: Float64Array;
  /** The hour of the newest reading (hours since 1970), and the mean and number of its readings. */
  hour: number;
  mean: number;
  readings: number;
  day_error: number;
  week_error: number;
}

export function noSeason(): Season {
  return {
    means: new Float64Array(SEASON_BINS),
    visits: new Float64Array(SEASON_BINS),
    hour: -1,
    mean: 0,
    readings: 0,
    day_error: 0,
    week_error: 0,
  };
}

/** @returns what the profile that has foretold better says; `undefined` while neither is known at this hour */
export function foretell(season: Season, timestamp: EpochMs): number | undefined {
  const hour = Math.floor(timestamp / HOUR_MS);
  const day = hour % DAY_BINS;
  const week = DAY_BINS + (hour % (7 * DAY_BINS));
  const knows_day = season.visits[day]! >= VISITS;
  const knows_week = season.visits[week]! >= VISITS;
  if (knows_week && (!knows_day || season.week_error < season.day_error)) return season.means[week]!;
  return knows_day ? season.means[day]! : undefined;
}

export function learnSeason(season: Season, timestamp: EpochMs, value: number): void {
  const hour = Math.floor(timestamp / HOUR_MS);
  const day = hour % DAY_BINS;
  const week = DAY_BINS + (hour % (7 * DAY_BINS));
  if (season.visits[day]! >= VISITS)
    season.day_error += ERROR_STEP * (Math.abs(value - season.means[day]!) - season.day_error);
  if (season.visits[week]! >= VISITS)
    season.week_error += ERROR_STEP * (Math.abs(value - season.means[week]!) - season.week_error);
  if (hour !== season.hour) {
    if (season.readings > 0) {
      visit(season, season.hour % DAY_BINS, season.mean);
      visit(season, DAY_BINS + (season.hour % (7 * DAY_BINS)), season.mean);
    }
    season.hour = hour;
    season.mean = 0;
    season.readings = 0;
  }
  season.mean += (value - season.mean) / ++season.readings;
}

function visit(season: Season, bin: number, mean: number): void {
  const visits = ++season.visits[bin]!;
  season.means[bin]! += (mean - season.means[bin]!) * Math.max(LEAST_STEP, 1 / visits);
}

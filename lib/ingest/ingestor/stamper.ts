import type { EpochMs } from "../../domain/time.ts";

/** The stamps of a batch, run-length coded: so many rows, one after another, got this stamp. */
export type Stamps = [stamp: EpochMs, rows: number][];

/** The latest time step that was stamped: its time in the file, and its stamp. */
export interface LastStamp {
  time: EpochMs;
  stamp: EpochMs;
}

/**
 * `--now`: gives readings the moment they are sent. Rows of one time step of the file (same timestamp, one after
 * another) share a stamp; each further step gets a later one, at least 1 ms, so that no two readings of a sensor
 * ever have the same identity. A step that goes on from the batch before keeps its stamp.
 * @param times the rows' own times, in order
 * @param speed in real time: steps keep their distance within the batch; absent: 1 ms each
 */
export function stampRows(
  times: readonly EpochMs[],
  now: EpochMs,
  last: LastStamp | undefined,
  speed?: number,
): Stamps {
  const newest = times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const stamps: Stamps = [];
  let before = last?.stamp ?? Number.NEGATIVE_INFINITY;
  let step = last?.time;
  for (const time of times) {
    if (time === step) {
      const open = stamps.at(-1);
      if (open === undefined) stamps.push([before, 1]);
      else open[1] += 1;
      continue;
    }
    step = time;
    const moment = speed === undefined ? now : now - Math.floor((newest - time) / speed);
    before = Math.max(before + 1, speed === undefined && stamps.length > 0 ? before + 1 : moment);
    stamps.push([before, 1]);
  }
  return stamps;
}

/** The stamp of each row. @throws RangeError where they are fewer than the rows */
export function expandStamps(stamps: Stamps, rows: number): EpochMs[] {
  const each = stamps.flatMap(([stamp, count]) => Array<EpochMs>(count).fill(stamp));
  if (each.length !== rows) throw new RangeError(`${each.length} stamps for ${rows} rows`);
  return each;
}

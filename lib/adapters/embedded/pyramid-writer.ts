import { combine, decodeSummary, encodeSummary, evenEnds, type Summary } from "../../domain/pyramid.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { SqliteDatabase } from "./sqlite.ts";

/** 512 × 32³ = 16.8 million readings a node of the highest level. */
export const TOP_LEVEL = 3;

/** A node that was stored under `from` now covers `first` … `last`. */
export interface NodeChange {
  from: EpochMs;
  first: EpochMs;
  last: EpochMs;
}

interface NodeRow {
  first: EpochMs;
  last: EpochMs;
  summary: Uint8Array;
}

/**
 * Keeps levels 1 and up true. A node stands for `fan` neighbours of the level below, up to twice as many where late
 * readings have divided them; the newest ones, not enough for a node yet, have none above them. The newest chunk still
 * grows and is therefore never under a node.
 */
export function createPyramidWriter(db: SqliteDatabase, fan: number) {
  const lastCovered = db.prepare<{ last: EpochMs | null }>(
    `SELECT last FROM node WHERE series_id = ? AND level = ? ORDER BY first DESC LIMIT 1`,
  );
  const selectAfter = db.prepare<NodeRow>(
    `SELECT first, last, summary FROM node WHERE series_id = ? AND level = ? AND first > ? ORDER BY first`,
  );
  const selectBetween = db.prepare<NodeRow>(
    `SELECT first, last, summary FROM node WHERE series_id = ? AND level = ? AND first BETWEEN ? AND ? ORDER BY first`,
  );
  const selectParent = db.prepare<{ first: EpochMs; last: EpochMs }>(
    `SELECT first, last FROM node WHERE series_id = ? AND level = ? AND first <= ? ORDER BY first DESC LIMIT 1`,
  );
  const remove = db.prepare("DELETE FROM node WHERE series_id = ? AND level = ? AND first = ?");
  const put = db.prepare("INSERT INTO node (series_id, level, first, last, summary) VALUES (?, ?, ?, ?, ?)");

  const write = (series_id: number, level: number, children: Summary[]) => {
    const node = combine(children);
    put.run(series_id, level, node.first, node.last, encodeSummary(node));
    return node;
  };
  const summaries = (rows: NodeRow[]) =>
    rows.map(({ first, last, summary }) => decodeSummary(first, last, summary));

  return {
    /** Puts nodes above what has gathered at the newest end of the level below. */
    grow(series_id: number, level = 1): void {
      const covered = lastCovered.get(series_id, level)?.last ?? Number.MIN_SAFE_INTEGER;
      const children = summaries(selectAfter.all(series_id, level - 1, covered));
      if (level === 1) children.pop();
      let made = false;
      for (let at = 0; at + fan <= children.length; at += fan) {
        write(series_id, level, children.slice(at, at + fan));
        made = true;
      }
      if (made && level < TOP_LEVEL) this.grow(series_id, level + 1);
    },

    /** Sums up anew what stands above changed nodes of `level - 1`; `changes` ascend. */
    repair(series_id: number, changes: readonly NodeChange[], level = 1): void {
      const above: NodeChange[] = [];
      for (let i = 0; i < changes.length; ) {
        const parent = selectParent.get(series_id, level, changes[i]!.from);
        if (parent === undefined || parent.last < changes[i]!.from) {
          i++;
          continue;
        }
        let { first, last } = parent;
        for (; i < changes.length && changes[i]!.from <= parent.last; i++) {
          first = Math.min(first, changes[i]!.first);
          last = Math.max(last, changes[i]!.last);
        }
        const children = summaries(selectBetween.all(series_id, level - 1, first, last));
        remove.run(series_id, level, parent.first);
        const ends = children.length > 2 * fan ? evenEnds(children.length, fan) : [children.length];
        let at = 0;
        for (const end of ends) {
          write(series_id, level, children.slice(at, end));
          at = end;
        }
        above.push({ from: parent.first, first, last });
      }
      if (above.length > 0 && level < TOP_LEVEL) this.repair(series_id, above, level + 1);
    },
  };
}

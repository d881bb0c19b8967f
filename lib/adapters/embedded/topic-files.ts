import { existsSync } from "node:fs";
import type { LogPosition } from "../../domain/log-position.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Topic } from "../../ports/event-log.ts";
import { logFile, storeFile } from "./data-files.ts";
import { hasHealthTable, readHealthTable, type StoredHealth } from "./health-table.ts";
import { type Extent, offsetIn, PARTITION, positionAt } from "./log-position.ts";
import { hasLogTables, readLogTable, type StoredBatch } from "./log-table.ts";
import { watchDatabase } from "./news.ts";
import { openDatabase, type SqliteDatabase } from "./sqlite.ts";

export interface StoredValues {
  sensor_readings: StoredBatch;
  health_scores: StoredHealth;
}

/** Rows that hold the offsets from `from` on; the first may begin before it. */
export interface Stretch<T extends Topic> {
  log_id: string;
  from: number;
  rows: StoredValues[T][];
}

interface Table<T extends Topic> {
  extent(): Extent;
  since(at: EpochMs): number;
  read(position: LogPosition, max_values: number): StoredValues[T][];
}

/** The extent of a topic whose file or table is not there yet. A position in it becomes the beginning of what appears. */
const NOTHING_YET: Extent = { log_id: "none", earliest: 0, head: 0 };

/** How often a file that is not there yet is looked for. */
const LOOK_MS = 500;

/** One topic in its file, opened when it has appeared. Every call is synchronous: for threads that may wait for a disk. */
export interface TopicFile<T extends Topic> {
  extent(): Extent;
  /** Offset of the first record received at or after `at`, the head where there is none. */
  since(at: EpochMs): number;
  /** @throws ForesightError `invalid_request` as `offsetIn` */
  read(position: LogPosition, max_values: number): Stretch<T>;
  /** Calls back when another connection has changed the file, or when it appears. @returns what ends it */
  watch(changed: () => void): () => void;
  close(): void;
}

function openTopic<T extends Topic>(
  path: string,
  exists: (db: SqliteDatabase) => boolean,
  tableOf: (db: SqliteDatabase) => Table<T>,
): TopicFile<T> {
  let db: SqliteDatabase | undefined;
  let table: Table<T> | undefined;

  function opened(): Table<T> | undefined {
    if (table !== undefined || !existsSync(path)) return table;
    db ??= openDatabase(path, { readonly: true });
    if (exists(db)) table = tableOf(db);
    return table;
  }
  const extent = () => opened()?.extent() ?? NOTHING_YET;
  return {
    extent,
    since: (at) => opened()?.since(at) ?? 0,
    read(position, max_values) {
      const source = opened();
      if (position.log_id === NOTHING_YET.log_id) {
        const offset = offsetIn(NOTHING_YET, position);
        if (source === undefined) return { log_id: NOTHING_YET.log_id, from: offset, rows: [] };
        const { log_id, earliest } = source.extent();
        return { log_id, from: earliest, rows: source.read(positionAt(log_id, earliest), max_values) };
      }
      if (source === undefined) offsetIn(NOTHING_YET, position);
      return {
        log_id: position.log_id,
        from: position.next[PARTITION]!,
        rows: source === undefined ? [] : source.read(position, max_values),
      };
    },
    watch(changed) {
      let end: (() => void) | undefined;
      const look = () => {
        if (opened() === undefined || db === undefined) return;
        clearInterval(timer);
        end = watchDatabase(db, changed);
        changed();
      };
      const timer = setInterval(look, LOOK_MS);
      timer.unref();
      look();
      return () => {
        clearInterval(timer);
        end?.();
      };
    },
    close() {
      db?.close();
      db = undefined;
      table = undefined;
    },
  };
}

export function openReadingsFile(data_dir: string): TopicFile<"sensor_readings"> {
  return openTopic(logFile(data_dir), hasLogTables, readLogTable);
}

export function openHealthFile(data_dir: string): TopicFile<"health_scores"> {
  return openTopic(storeFile(data_dir), hasHealthTable, readHealthTable);
}

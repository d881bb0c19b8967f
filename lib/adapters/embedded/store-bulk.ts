import type { SqliteDatabase } from "./sqlite.ts";

/**
 * Writes many small rows of whole numbers and one blob with a single statement: a call of SQLite from here costs five
 * times what the row itself costs. The blobs travel as one, the numbers and the blobs' places as JSON.
 */
export interface BulkWriter {
  /** Room for at most `bytes` more; write at `at` in `buffer`, then `push` with the position behind it. */
  reserve(bytes: number): { buffer: Uint8Array; view: DataView; at: number };
  /** @param keys whole numbers, in the order of the table's columns before the blob */
  push(keys: readonly number[], end: number): void;
  /** Copies a blob that is there already. */
  add(keys: readonly number[], blob: Uint8Array): void;
  flush(): void;
  /** Forgets what was not flushed. */
  clear(): void;
}

/** A batch is flushed by itself before it gets larger. */
const MOST_BYTES = 8 * 1024 * 1024;
const FIRST_BYTES = 64 * 1024;

/** @param columns of the table, the blob last; rows with the same primary key are replaced */
export function createBulkWriter(db: SqliteDatabase, table: string, columns: readonly string[]): BulkWriter {
  const keyCount = columns.length - 1;
  const keys = columns.slice(0, -1).map((_, i) => `row.value ->> ${i}`);
  const insert = db.prepare(
    `INSERT OR REPLACE INTO ${table} (${columns.join(", ")})
     SELECT ${keys.join(", ")}, substr(?1, row.value ->> ${keyCount}, row.value ->> ${keyCount + 1})
     FROM json_each(?2) AS row`,
  );
  let buffer = new Uint8Array(FIRST_BYTES);
  let view = new DataView(buffer.buffer);
  let used = 0;
  let rows: string[] = [];

  const flush = () => {
    if (rows.length === 0) return;
    insert.run(buffer.subarray(0, used), `[${rows.join(",")}]`);
    rows = [];
    used = 0;
  };
  const reserve = (bytes: number) => {
    if (used + bytes > MOST_BYTES) flush();
    if (used + bytes > buffer.length) {
      const larger = new Uint8Array(Math.max(buffer.length * 2, used + bytes));
      larger.set(buffer.subarray(0, used));
      buffer = larger;
      view = new DataView(buffer.buffer);
    }
    return { buffer, view, at: used };
  };
  const push = (of: readonly number[], end: number) => {
    rows.push(`[${of.join(",")},${used + 1},${end - used}]`);
    used = end;
  };
  return {
    reserve,
    push,
    add(of, blob) {
      const { at } = reserve(blob.length);
      buffer.set(blob, at);
      push(of, at + blob.length);
    },
    flush,
    clear() {
      rows = [];
      used = 0;
    },
  };
}

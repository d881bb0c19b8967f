import type { SqliteDatabase, SqlValue } from "./sqlite.ts";

/** Single values that the store keeps of itself. */
export interface Meta {
  get<T extends SqlValue>(key: string): T | undefined;
  set(key: string, value: SqlValue): void;
  increment(key: string): void;
}

export function createMeta(db: SqliteDatabase): Meta {
  const select = db.prepare<{ value: SqlValue }>("SELECT value FROM meta WHERE key = ?");
  const put = db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
  const add = db.prepare("UPDATE meta SET value = value + 1 WHERE key = ?");
  return {
    get: <T extends SqlValue>(key: string) => select.get(key)?.value as T | undefined,
    set: (key, value) => void put.run(key, value),
    increment: (key) => void add.run(key),
  };
}

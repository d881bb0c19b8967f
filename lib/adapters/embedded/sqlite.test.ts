import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ForesightError } from "../../domain/errors.ts";
import { openDatabase, type SqliteDatabase, type SqlValue } from "./sqlite.ts";

describe("a SQLite database", () => {
  let folder: string;
  let path: string;
  let db: SqliteDatabase;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "foresight-sqlite-"));
    path = join(folder, "a.db");
    db = openDatabase(path);
    db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, b BLOB, s TEXT)");
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  it("writes ahead and fsyncs every commit", () => {
    expect(db.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    expect(db.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 });
    expect(db.prepare("PRAGMA foreign_keys").get()).toEqual({ foreign_keys: 1 });
  });

  it("gives back numbers, text and bytes as they were, in one row and in many", () => {
    const insert = db.prepare("INSERT INTO t (id, n, b, s) VALUES (?, ?, ?, ?)");
    const bytes = Uint8Array.of(0, 1, 255, 7).subarray(1, 3);
    expect(insert.run(1, Number.MAX_SAFE_INTEGER, bytes, "µ")).toMatchObject({ changes: 1 });
    expect(insert.run(2, null, new Uint8Array(), "")).toMatchObject({ changes: 1 });
    const rows = db.prepare("SELECT * FROM t ORDER BY id").all();
    const one = db.prepare("SELECT * FROM t WHERE id = ?").get(1);
    for (const row of [rows[0], one]) {
      expect(row).toEqual({ id: 1, n: Number.MAX_SAFE_INTEGER, b: expect.any(Uint8Array), s: "µ" });
      expect([...(row!.b as Uint8Array)]).toEqual([1, 255]);
    }
    expect(rows[1]).toMatchObject({ n: null, s: "" });
    expect(db.prepare("SELECT * FROM t WHERE id = 3").get()).toBeUndefined();
  });

  it("refuses what would end the process inside the library", () => {
    const insert = db.prepare("INSERT INTO t (n) VALUES (?)");
    for (const value of [true, undefined, {}, new ArrayBuffer(1)])
      expect(() => insert.run(value as unknown as SqlValue)).toThrow(/SQL cannot take/);
    expect(insert.run(Uint8Array.of(1)).changes).toBe(1);
  });

  it("undoes a transaction in which anything is thrown, and says what was thrown", () => {
    const work = () => {
      db.exec("INSERT INTO t (n) VALUES (1)");
      throw new ForesightError("conflict", "No.");
    };
    expect(() => db.transaction(work)).toThrow("No.");
    expect(db.inTransaction).toBe(false);
    expect(db.prepare("SELECT count(*) AS n FROM t").get()).toEqual({ n: 0 });
  });

  it("calls a full disk storage_full, keeps nothing of the transaction, and goes on when there is space", () => {
    db.exec("PRAGMA max_page_count = 20");
    const fill = () =>
      db.transaction(() => {
        for (let i = 0; i < 50; i++) db.prepare("INSERT INTO t (b) VALUES (?)").run(new Uint8Array(4_000));
      });
    expect(fill).toThrow(
      expect.objectContaining({ code: "storage_full", message: expect.stringContaining(path) }),
    );
    expect(db.inTransaction).toBe(false);
    expect(db.prepare("SELECT count(*) AS n FROM t").get()).toEqual({ n: 0 });
    db.exec("PRAGMA max_page_count = 100000");
    fill();
    expect(db.prepare("SELECT count(*) AS n FROM t").get()).toEqual({ n: 50 });
  });

  it("calls a database that another is writing unavailable, with when to come back", () => {
    const other = openDatabase(path, { busy_timeout_ms: 10 });
    db.transaction(() => {
      expect(() => other.transaction(() => undefined)).toThrow(
        expect.objectContaining({
          code: "unavailable",
          options: expect.objectContaining({ retry_after_s: 1 }),
        }),
      );
    });
    other.close();
  });

  it("notices by its version that another connection has committed", () => {
    const other = openDatabase(path, { readonly: true });
    const before = other.dataVersion();
    expect(other.dataVersion()).toBe(before);
    db.exec("INSERT INTO t (n) VALUES (1)");
    expect(other.dataVersion()).not.toBe(before);
    expect(() => other.exec("DELETE FROM t")).toThrow(expect.objectContaining({ code: "forbidden" }));
    other.close();
  });

  it("says in a sentence where it cannot be opened, or is something else", () => {
    expect(() => openDatabase(join(folder, "missing", "a.db"))).toThrow(/cannot be opened; check/);
    const text = join(folder, "text.db");
    writeFileSync(text, "This is no database, whatever its name says. ".repeat(100));
    expect(() => openDatabase(text)).toThrow(/damaged or no SQLite database/);
  });
});

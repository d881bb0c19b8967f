import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeReadingBlock } from "../../domain/reading-block.ts";
import { readingsOf } from "../../testing/event-log-contract.ts";
import { logFile } from "./data-files.ts";
import { positionAt } from "./log-position.ts";
import { type Append, createLogTables, TRIM_STEP, writeLogTable } from "./log-table.ts";
import { openDatabase, type SqliteDatabase } from "./sqlite.ts";

function appendOf(count: number, from = 0, idempotency_key?: string): Append {
  return {
    tenant_id: "acme",
    blocks: count === 0 ? [] : [{ count, block: encodeReadingBlock(readingsOf(count, from)) }],
    ...(idempotency_key !== undefined && { idempotency_key }),
  };
}

describe("the table of the log", () => {
  let folder: string;
  let db: SqliteDatabase;
  let log: ReturnType<typeof writeLogTable>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "foresight-table-"));
    db = openDatabase(logFile(folder));
    createLogTables(db);
    log = writeLogTable(db);
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });
  const offsets = (from = log.extent().earliest) =>
    log.read(positionAt(log.extent().log_id, from), 1_000_000).map(({ first_offset }) => first_offset);

  it("keeps nothing of a group that the full disk cuts off, and goes on at the same offset when there is space", () => {
    log.append([appendOf(3, 0, "a")], 1_000);
    db.exec("PRAGMA max_page_count = 20");
    const group = Array.from({ length: 200 }, (_, i) => appendOf(400, i * 400, `key-${i}`));
    expect(() => log.append(group, 2_000)).toThrow(expect.objectContaining({ code: "storage_full" }));
    expect(log.extent()).toMatchObject({ head: 3 });
    db.exec("PRAGMA max_page_count = 1000000");
    const [first] = log.append(group, 3_000);
    expect(first).toEqual({ first_offset: 3, accepted: 400, received_at: 3_000, duplicate: false });
    expect(log.extent()).toMatchObject({ head: 3 + 200 * 400 });
  });

  it("never lets received_at run backwards, not even after a restart", () => {
    expect(log.append([appendOf(1)], 5_000)[0]!.received_at).toBe(5_000);
    expect(log.append([appendOf(1, 1)], 2_000)[0]!.received_at).toBe(5_000);
    log = writeLogTable(db);
    expect(log.append([appendOf(1, 2)], 3_000)[0]!.received_at).toBe(5_000);
    expect(log.append([appendOf(1, 3)], 6_000)[0]!.received_at).toBe(6_000);
    expect(log.since(5_000)).toBe(0);
    expect(log.since(5_001)).toBe(3);
    expect(log.since(6_001)).toBe(4);
  });

  it("removes what is old and has been used, in steps, and never the newest batch", () => {
    for (let i = 0; i < TRIM_STEP + 10; i++) log.append([appendOf(2, i * 2)], 1_000 + i);
    const head = log.extent().head;
    expect(log.trim(1_005, head, 0)).toBe(false);
    expect(offsets()[0]).toBe(10);
    expect(log.trim(Number.MAX_SAFE_INTEGER, 15, 0)).toBe(false);
    expect(offsets()[0]).toBe(14);
    while (log.trim(Number.MAX_SAFE_INTEGER, head, 0));
    expect(offsets()).toEqual([head - 2]);
    expect(log.extent()).toMatchObject({ earliest: head - 2, head });
    expect(() => log.read(positionAt(log.extent().log_id, 0), 10)).toThrow(
      expect.objectContaining({ code: "invalid_request", message: expect.stringMatching(/no longer kept/) }),
    );
  });

  it("forgets idempotency keys only when they are old", () => {
    log.append([appendOf(1, 0, "old")], 1_000);
    log.append([appendOf(1, 1, "new")], 9_000);
    log.trim(0, 0, 5_000);
    expect(log.append([appendOf(1, 1, "new")], 9_001)[0]).toMatchObject({ duplicate: true, first_offset: 1 });
    expect(log.append([appendOf(1, 0, "old")], 9_002)[0]).toMatchObject({
      duplicate: false,
      first_offset: 2,
    });
  });

  it("tells apart keys that are alike up to a NUL", () => {
    log.append([appendOf(1, 0, "a\0b")], 1_000);
    expect(log.append([appendOf(1, 1, "a\0c")], 1_000)[0]).toMatchObject({ duplicate: false });
    expect(log.append([appendOf(1, 1, "a")], 1_000)[0]).toMatchObject({ duplicate: false });
  });
});

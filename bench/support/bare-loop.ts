/** The least that anyone would do: insert rows that are ready in memory, so many a transaction. Tells rows a second. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { bodies } from "./load.ts";

const [readings, batch] = process.argv.slice(2).map(Number) as [number, number];
const rows = [...bodies(readings, batch)].flatMap(({ body }) =>
  body
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, string | number>),
);
const folder = mkdtempSync(join(tmpdir(), "foresight-bare-"));
const db = new Database(join(folder, "bare.db"));
db.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
db.exec(
  "CREATE TABLE readings (asset_id TEXT, sensor_id TEXT, timestamp INTEGER, sensor_type TEXT, value REAL, unit TEXT, quality TEXT, PRIMARY KEY (asset_id, sensor_id, timestamp)) WITHOUT ROWID",
);
const insert = db.prepare("INSERT OR IGNORE INTO readings VALUES (?, ?, ?, ?, ?, ?, ?)");
const write = db.transaction((from: number) => {
  for (const row of rows.slice(from, from + batch))
    insert.run(
      row.asset_id,
      row.sensor_id,
      Date.parse(row.timestamp as string),
      row.sensor_type,
      row.value,
      row.unit,
      row.quality,
    );
});
const started = performance.now();
for (let from = 0; from < rows.length; from += batch) write(from);
const seconds = (performance.now() - started) / 1_000;
db.close();
rmSync(folder, { recursive: true });
process.send?.({ rate: rows.length / seconds });
process.disconnect?.();

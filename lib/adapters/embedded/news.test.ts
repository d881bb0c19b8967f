import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { openNews, watchDatabase } from "./news.ts";
import { openDatabase } from "./sqlite.ts";

const ends: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

it("news reach every listener of their topic and directory, the publisher's own too, until it is closed", async () => {
  const [here, there, elsewhere] = [openNews("/data/a"), openNews("/data/../data/a"), openNews("/data/b")];
  ends.push(() => [here, there, elsewhere].map((news) => news.close()));
  const told: string[] = [];
  here.on("alerts", () => told.push("here"));
  const quiet = there.on("alerts", () => told.push("quiet"));
  quiet();
  there.on("alerts", () => told.push("there"));
  there.on("config", () => told.push("config"));
  elsewhere.on("alerts", () => told.push("elsewhere"));
  here.publish("alerts");
  await expect.poll(() => told).toEqual(["here", "there"]);
  there.close();
  there.publish("alerts");
  here.publish("alerts");
  await expect.poll(() => told).toEqual(["here", "there", "here"]);
});

it("a watched database tells what another connection commits, and not what it does itself", async () => {
  const folder = mkdtempSync(join(tmpdir(), "foresight-news-"));
  ends.push(() => rmSync(folder, { recursive: true }));
  const mine = openDatabase(join(folder, "a.db"));
  const other = openDatabase(join(folder, "a.db"));
  ends.push(() => [mine, other].map((db) => db.close()));
  mine.exec("CREATE TABLE t (n INTEGER)");
  let changes = 0;
  ends.push(watchDatabase(mine, () => changes++, 2));
  mine.exec("INSERT INTO t VALUES (1)");
  other.exec("INSERT INTO t VALUES (2)");
  await expect.poll(() => changes).toBe(1);
});

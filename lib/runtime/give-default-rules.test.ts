import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { storeFile } from "../adapters/embedded/data-files.ts";
import { openDatabase } from "../adapters/embedded/sqlite.ts";
import { openStore } from "../adapters/embedded/store.ts";
import { DEFAULT_RULES } from "../domain/default-rules.ts";
import type { Store } from "../ports/store.ts";
import { giveDefaultRules } from "./give-default-rules.ts";
import { createLogger } from "./logger.ts";
import { systemClock } from "./system-clock.ts";

const LIFE = "remaining-life-low-warning";
const logger = createLogger("silent");
let data_dir: string;
let store: Store;

beforeEach(async () => {
  data_dir = mkdtempSync(join(tmpdir(), "foresight-defaults-"));
  store = openStore({ data_dir, clock: systemClock });
  await store.start();
  await store.addTenant({ tenant_id: "north", name: "North", created_at: 0 }, DEFAULT_RULES);
});
afterEach(async () => {
  await store.stop();
  rmSync(data_dir, { recursive: true });
});

const idsOf = async () => (await store.rules("north")).map(({ id }) => id);

/** As a tenant of a version that did not remember what it gave. */
async function makeOld(): Promise<void> {
  await store.deleteRule("north", LIFE);
  const db = openDatabase(storeFile(data_dir));
  db.exec("UPDATE tenant SET given = NULL");
  db.close();
}

describe("[R-7.26] default rules", () => {
  it("that came later are added to a tenant from before", async () => {
    await makeOld();
    await giveDefaultRules(store, logger);
    expect(await idsOf()).toContain(LIFE);
    expect(await idsOf()).toHaveLength(DEFAULT_RULES.length);
  });

  it("that were removed or changed stay so, before and after", async () => {
    const changed = { ...DEFAULT_RULES.find(({ id }) => id === "health-low-warning")!, enabled: false };
    await store.deleteRule("north", "pump-silent");
    await store.putRule("north", changed);
    await makeOld();
    await giveDefaultRules(store, logger);
    await store.deleteRule("north", LIFE);
    await giveDefaultRules(store, logger);
    const ids = await idsOf();
    expect(ids).not.toContain("pump-silent");
    expect(ids).not.toContain(LIFE);
    expect(await store.rules("north")).toContainEqual(changed);
  });

  it("are given to a new tenant once", async () => {
    const version = await store.configVersion();
    await giveDefaultRules(store, logger);
    expect(await store.configVersion()).toBe(version);
  });
});

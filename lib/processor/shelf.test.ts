import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Store } from "../ports/store.ts";
import { fakeClock, fakeLogger } from "../testing/fake-system.ts";
import { createHttpParts } from "../testing/http-parts.ts";
import { raise } from "../testing/store/harness.ts";
import { createShelf } from "./shelf.ts";

const TENANT = "demo";
let parts: Awaited<ReturnType<typeof createHttpParts>>;
let store: Store;
const clock = fakeClock();
const make = () => createShelf({ store, clock, logger: fakeLogger(), every_ms: 5 });
const shelve = (alert_id: string, for_ms: number, event_id = `shelve-${alert_id}`) =>
  store.execute(TENANT, [
    { kind: "shelve", event_id, at: clock.now(), by: "anna", alert_id, until: clock.now() + for_ms },
  ]);
const stateOf = async (id: string) => (await store.alert(TENANT, id))?.alert;

beforeEach(async () => {
  parts = await createHttpParts();
  store = parts.app.store;
  await store.execute(TENANT, [raise("a"), raise("b", { rule_id: "cold" })]);
});
afterEach(() => parts.dispose());

it("[R-7.24] a shelved alert comes back open when its time is over, once, and not before", async () => {
  await shelve("a", 60_000);
  await shelve("b", 120_000);
  const shelf = make();
  expect(await shelf.look()).toBe(0);
  clock.advance(60_000);
  expect(await Promise.all([shelf.look(), make().look()])).toEqual(expect.arrayContaining([1]));
  expect(await stateOf("a")).toMatchObject({ state: "open" });
  expect(await stateOf("a")).not.toHaveProperty("shelved_until");
  expect((await store.alert(TENANT, "a"))!.events.map(({ kind }) => kind)).toEqual([
    "raised",
    "shelved",
    "unshelved",
  ]);
  expect((await stateOf("b"))!.state).toBe("shelved");
});

it("[R-7.24] one that somebody shelves further at that moment stays shelved", async () => {
  await shelve("a", 60_000);
  clock.advance(60_000);
  const shelf = createShelf({
    store: {
      tenants: () => store.tenants(),
      alerts: async (tenant_id, query) => {
        const found = await store.alerts(tenant_id, query);
        if (found.length > 0) await shelve("a", 3_600_000, "further");
        return found;
      },
      execute: (tenant_id, commands) => store.execute(tenant_id, commands),
    },
    clock,
    logger: fakeLogger(),
  });
  expect(await shelf.look()).toBe(0);
  expect((await stateOf("a"))!.state).toBe("shelved");
});

it("looks by itself while it runs, and goes on after the store has failed", async () => {
  await shelve("a", 1_000);
  clock.advance(1_000);
  const logger = fakeLogger();
  let failing = true;
  const shelf = createShelf({
    store: {
      tenants: async () => {
        if (failing) throw new Error("away");
        return store.tenants();
      },
      alerts: (tenant_id, query) => store.alerts(tenant_id, query),
      execute: (tenant_id, commands) => store.execute(tenant_id, commands),
    },
    clock,
    logger,
    every_ms: 5,
  });
  await shelf.start();
  await vi.waitFor(() => expect(logger.lines).not.toEqual([]));
  failing = false;
  await vi.waitFor(async () => expect((await stateOf("a"))!.state).toBe("open"));
  await shelf.stop();
});

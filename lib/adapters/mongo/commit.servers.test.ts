import { Collection } from "mongodb";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import type { ProcessorEffects } from "../../ports/store.ts";
import { type TestDatabase, testDatabase } from "../../testing/mongo-database.ts";
import { LOG, raise, reading, score, series, T0, TENANT } from "../../testing/store/harness.ts";
import type { MongoStore } from "./store.ts";

const { MONGODB_URI } = inject("services");
const SENSOR = { asset_id: "PUMP-001", sensor_id: "PUMP-001-TEMP" };
/** So small that one commit seals chunks and makes nodes. */
const SMALL = { tail: 3, chunk: 4, fan: 2 };

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase(MONGODB_URI);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await database.dispose();
});

const given = series(Array.from({ length: 60 }, (_, i) => i));
const effects = (over: Partial<ProcessorEffects> = {}, tenant_id = TENANT): ProcessorEffects => ({
  partition: 0,
  from_offset: 0,
  next_offset: 61,
  readings: [
    {
      tenant_id,
      received_at: T0,
      readings: [...given, reading({ asset_id: "FAN-1", sensor_id: "F", asset_type: "ventilator" })],
    },
  ],
  commands: [{ tenant_id, commands: [raise("a"), raise("b", { rule_id: "cold" })] }],
  health: [0, 1].map((i) => score({ tenant_id, source_offset: 10 + i, timestamp: T0 + i * 5_000 })),
  state: ["PUMP-001", "FAN-1"].map((asset_id) => ({ tenant_id, asset_id, state: new Uint8Array([1]) })),
  health_position: { log_id: "scores", next: { 0: 2 } },
  ...over,
});

const WRITES = [
  "bulkWrite",
  "deleteMany",
  "deleteOne",
  "findOneAndUpdate",
  "insertMany",
  "insertOne",
  "updateOne",
] as const;

/** Lets so many writes of the driver through and then has the process die, before or after the next one. */
function dieAfter(writes: number, when: "before" | "after"): { count: number } {
  const seen = { count: 0 };
  for (const name of WRITES) {
    const real = Collection.prototype[name] as (...args: unknown[]) => Promise<unknown>;
    vi.spyOn(Collection.prototype, name).mockImplementation(async function (
      this: unknown,
      ...args: unknown[]
    ) {
      if (seen.count > writes) throw new Error("dead");
      seen.count++;
      if (seen.count > writes && when === "before") throw new Error("dead");
      const result = await real.apply(this, args);
      if (seen.count > writes) throw new Error("dead");
      return result;
    } as never);
  }
  return seen;
}

/** Everything that anyone can see of a tenant and a log, whatever their names. */
async function visible(store: MongoStore, tenant_id: string, log_id: string): Promise<unknown> {
  const { assets, alerts } = await store.snapshot(tenant_id);
  const all = {
    assets,
    active: alerts,
    history: await store.history(tenant_id, SENSOR),
    points: await store.history(tenant_id, { ...SENSOR, max_points: 5 }),
    fan: await store.history(tenant_id, { asset_id: "FAN-1", sensor_id: "F" }),
    health: await store.healthHistory(tenant_id, { asset_id: "PUMP-001" }),
    events: await store.alertEvents(tenant_id, 0, 100),
    alerts: await store.alerts(tenant_id, { limit: 100 }),
    stats: await store.stats(tenant_id),
    states: (await store.loadState(tenant_id)).map(({ state, ...rest }) => ({ ...rest, state: [...state] })),
    position: await store.processorPosition(log_id),
  };
  return JSON.parse(JSON.stringify(all).replaceAll(tenant_id, "the tenant").replaceAll(log_id, "the log"));
}

async function opened(log_id = LOG) {
  const store = await database.open({ sizes: SMALL });
  await store.processorPosition(log_id);
  return store;
}

describe("a commit on MongoDB", () => {
  it("[fault 5] that dies before or after any of its writes, and is made again, ends as if made once", async () => {
    const store = await opened();
    const counting = dieAfter(Number.POSITIVE_INFINITY, "after");
    await store.commit(effects());
    const writes = counting.count;
    vi.restoreAllMocks();
    const whole = await visible(store, TENANT, LOG);
    expect(writes).toBeGreaterThan(8);

    for (const when of ["before", "after"] as const)
      for (let cut = 0; cut < writes; cut++) {
        const [tenant, log] = [`tenant-${when}-${cut}`, `log-${when}-${cut}`];
        await store.processorPosition(log);
        dieAfter(cut, when);
        await expect(store.commit(effects({}, tenant))).rejects.toThrow("dead");
        vi.restoreAllMocks();
        const next = await opened(log);
        const there = (await next.processorPosition(log)).next[0];
        // Dead after the last write is dead after the commit.
        expect(there).toBe(when === "after" && cut === writes - 1 ? 61 : 0);
        if (there === 0) await next.commit(effects({}, tenant));
        expect(await visible(next, tenant, log), `dead ${when} write ${cut + 1} of ${writes}`).toEqual(whole);
        await next.stop();
      }
  });

  it("[fault 6] that a successor overtakes is refused, and replaces nothing of what the successor wrote", async () => {
    const late = await opened();
    const successor = await opened();
    const state = (byte: number) => [
      { tenant_id: TENANT, asset_id: "PUMP-001", state: new Uint8Array([byte]) },
    ];
    const halfway = new Promise<void>((reached) => {
      // The first of them stops where its states are next, until the other is through.
      const real = Collection.prototype.insertMany;
      vi.spyOn(Collection.prototype, "insertMany").mockImplementation(async function (
        this: Collection,
        ...args
      ) {
        const result = await real.apply(this, args);
        if (this.collectionName === "health") {
          vi.restoreAllMocks();
          reached();
          await overtaken;
        }
        return result;
      });
    });
    let go: () => void = () => undefined;
    const overtaken = new Promise<void>((resolve) => {
      go = resolve;
    });
    const refused = late.commit(effects({ state: state(1) })).catch((error: unknown) => error);
    await halfway;
    const done = await successor.commit(effects({ state: state(2), next_offset: 70 }));
    expect(done.alert_events).toHaveLength(2);
    go();
    expect(await refused).toMatchObject({ code: "conflict" });
    expect((await successor.loadState(TENANT)).map(({ state }) => [...state])).toEqual([[2]]);
    expect((await successor.processorPosition(LOG)).next).toEqual({ 0: 70 });
    expect((await successor.alertEvents(TENANT, 0, 10)).map(({ seq }) => seq)).toEqual([1, 2]);
    expect((await successor.stats(TENANT)).readings).toBe(61);
  });

  it("tells where the published health scores of what it includes end", async () => {
    const store = await opened();
    const scores = { log_id: "scores", next: { 0: 2, 3: 7 } };
    await store.commit(effects({ health_position: scores }));
    expect((await store.snapshot(TENANT)).positions.health_scores).toEqual(scores);
  });
});

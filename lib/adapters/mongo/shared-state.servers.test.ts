import { randomUUID } from "node:crypto";
import { MongoClient } from "mongodb";
import { afterAll, afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import type { SharedState } from "../../ports/shared-state.ts";
import { fakeLogger, fakeMetrics } from "../../testing/fake-system.ts";
import { describeSharedBetween, describeSharedState } from "../../testing/shared-state-contract.ts";
import { startTcpProxy, type TcpProxy } from "../../testing/tcp-proxy.ts";
import { createInProcessSharedState } from "../embedded/shared-state.ts";
import { createMongoSharedState } from "./shared-state.ts";

const { MONGODB_URI } = inject("services");
const client = new MongoClient(MONGODB_URI);
const names: string[] = [];
afterAll(async () => {
  for (const name of names) await client.db(name).dropDatabase();
  await client.close();
});

const open = (name: string, now: () => number, through = client): SharedState =>
  createMongoSharedState({
    db: () => through.db(name),
    instance: randomUUID(),
    fallback: createInProcessSharedState({ clock: { now } }),
    clock: { now },
    logger: fakeLogger(),
    metrics: fakeMetrics(),
  });
const database = () => {
  const name = `shared_${randomUUID().slice(0, 8)}`;
  names.push(name);
  return name;
};

describeSharedState(
  "the shared state in a MongoDB-compatible server",
  async (now) => open(database(), () => now),
  { invented_keys: 300 },
);
describeSharedBetween("the shared state in a MongoDB-compatible server", async (now) => {
  const name = database();
  return [open(name, () => now), open(name, () => now)];
});

describe("places of an instance that died", () => {
  it("are free again after its lease", async () => {
    const name = database();
    let now = Date.UTC(2024, 0, 15);
    const dead = open(name, () => now);
    const alive = open(name, () => now);
    // The lease is renewed by the machine's own timers, not before this test ends.
    await Promise.all([alive.start(), dead.start()]);
    expect(await dead.takePlace("north\0anna", 1)).toBe(true);
    now += 14_000;
    expect(await alive.takePlace("north\0anna", 1)).toBe(false);
    now += 2_000;
    expect(await alive.takePlace("north\0anna", 1)).toBe(true);
    await Promise.all([alive.stop(), dead.stop()]);
  });
});

describe("MongoDB gone and back", () => {
  let proxy: TcpProxy;
  let through: MongoClient;
  let shared: SharedState;
  beforeEach(async () => {
    const server = new URL(MONGODB_URI);
    proxy = await startTcpProxy({ host: server.hostname, port: Number(server.port || 27_017) });
    through = new MongoClient(`mongodb://127.0.0.1:${proxy.port}/?directConnection=true&retryWrites=false`, {
      serverSelectionTimeoutMS: 500,
    });
    shared = open(database(), Date.now, through);
    await shared.start();
  });
  afterEach(async () => {
    await shared.stop();
    await through.close();
    await proxy.close();
  });

  it("refuses tickets, limits in the process and comes back by itself", async () => {
    proxy.set({ kind: "cut" });
    await expect(shared.takeTicket("any", Date.now())).rejects.toMatchObject({ code: "unavailable" });
    expect(shared.state()).toMatchObject({ ok: false, detail: expect.stringContaining("no new tickets") });
    const limit = { points: 2, per_s: 60 };
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push((await shared.consume("login", "anna", limit)).allowed);
    expect(answers).toEqual([true, true, false]);
    expect(await shared.takePlace("north\0anna", 1)).toBe(true);
    expect(await shared.takePlace("north\0anna", 1)).toBe(false);
    proxy.set({ kind: "none" });
    await expect.poll(() => shared.takeTicket("any", Date.now()), { timeout: 10_000 }).toBeUndefined();
    expect(shared.state().ok).toBe(true);
  });
});

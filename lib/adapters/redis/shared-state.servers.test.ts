import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import type { Principal } from "../../domain/identity.ts";
import type { SharedState } from "../../ports/shared-state.ts";
import { fakeLogger, fakeMetrics } from "../../testing/fake-system.ts";
import { startRedis } from "../../testing/services/redis-server.ts";
import { describeSharedBetween, describeSharedState } from "../../testing/shared-state-contract.ts";
import { startTcpProxy, type TcpProxy } from "../../testing/tcp-proxy.ts";
import { createInProcessSharedState } from "../embedded/shared-state.ts";
import { createRedisSharedState } from "./shared-state.ts";

const { REDIS_URL } = inject("services");

const open = (options: { url?: string; prefix?: string; now?: () => number } = {}): SharedState => {
  const clock = { now: options.now ?? Date.now };
  return createRedisSharedState({
    url: options.url ?? REDIS_URL,
    instance: randomUUID(),
    fallback: createInProcessSharedState({ clock }),
    clock,
    logger: fakeLogger(),
    metrics: fakeMetrics(),
    prefix: options.prefix ?? `${randomUUID()}:`,
  });
};

describeSharedState("the shared state over Redis", async (now) => open({ now: () => now }), {
  invented_keys: 2_000,
});
describeSharedBetween("the shared state over Redis", async (now) => {
  const prefix = `${randomUUID()}:`;
  return [open({ prefix, now: () => now }), open({ prefix, now: () => now })];
});

const principal: Principal = {
  tenant_id: "north",
  role: "viewer",
  subject: "anna",
  credential_id: "session-1",
  kind: "session",
  expires_at: Date.now() + 3_600_000,
};
const LIMIT = { points: 2, per_s: 60 };

describe("Redis gone and back", () => {
  let proxy: TcpProxy;
  let one: SharedState;
  let other: SharedState;
  let heard: number;
  beforeEach(async () => {
    proxy = await startTcpProxy({ port: Number(new URL(REDIS_URL).port) });
    const prefix = `${randomUUID()}:`;
    one = open({ url: `redis://127.0.0.1:${proxy.port}`, prefix });
    other = open({ prefix });
    heard = 0;
    one.onRevocation(() => heard++);
    await Promise.all([one.start(), other.start()]);
  });
  afterEach(async () => {
    await Promise.all([one.stop(), other.stop()]);
    await proxy.close();
  });

  const isGone = () => expect.poll(() => one.state().ok, { timeout: 5_000 }).toBe(false);
  const isBack = () => expect.poll(() => one.state().ok, { timeout: 10_000 }).toBe(true);
  const ticket = () => one.putTicket(randomUUID(), principal, Date.now() + 30_000);

  for (const kind of ["cut", "black_hole"] as const)
    it(`refuses tickets, limits in the process and comes back by itself: ${kind}`, async () => {
      await ticket();
      expect(await one.takePlace("north\0anna", 3)).toBe(true);
      proxy.set({ kind });
      await expect(ticket()).rejects.toMatchObject({ code: "unavailable", options: { retry_after_s: 2 } });
      await expect(one.takeTicket("any", Date.now())).rejects.toMatchObject({ code: "unavailable" });
      await isGone();
      expect(one.state().detail).toMatch(/no new tickets/);
      const answers = [];
      for (let i = 0; i < 3; i++) answers.push((await one.consume("login", "anna", LIMIT)).allowed);
      expect(answers).toEqual([true, true, false]);
      expect(await one.takePlace("north\0anna", 3)).toBe(true);

      proxy.set({ kind: "none" });
      await isBack();
      await ticket();
      expect((await other.consume("login", "anna", LIMIT)).allowed).toBe(true);
      // What was taken while Redis was away is told to it.
      await expect
        .poll(async () => {
          const third = await other.takePlace("north\0anna", 3);
          const fourth = await other.takePlace("north\0anna", 3);
          if (third) await other.leavePlace("north\0anna");
          if (fourth) await other.leavePlace("north\0anna");
          return [third, fourth];
        })
        .toEqual([true, false]);
      const before = heard;
      await expect
        .poll(async () => {
          await other.announceRevocation();
          return heard;
        })
        .toBeGreaterThan(before);
    });

  it("starts without Redis and finds it later", async () => {
    proxy.set({ kind: "cut" });
    const late = open({ url: `redis://127.0.0.1:${proxy.port}` });
    await late.start();
    expect(late.state().ok).toBe(false);
    proxy.set({ kind: "none" });
    await expect.poll(() => late.state().ok, { timeout: 10_000 }).toBe(true);
    await late.stop();
  });
});

describe("Redis that has forgotten everything", () => {
  it("is told again how many sockets each user has", async () => {
    const own = await startRedis();
    const prefix = "p:";
    const one = open({ url: own.url, prefix });
    const other = open({ url: own.url, prefix });
    await Promise.all([one.start(), other.start()]);
    expect(await one.takePlace("north\0anna", 1)).toBe(true);
    await own.kill();
    await own.restart();
    await expect.poll(() => one.state().ok && other.state().ok, { timeout: 10_000 }).toBe(true);
    await expect
      .poll(
        async () => {
          const taken = await other.takePlace("north\0anna", 1);
          if (taken) await other.leavePlace("north\0anna");
          return taken;
        },
        { timeout: 10_000 },
      )
      .toBe(false);
    await Promise.all([one.stop(), other.stop()]);
    await own.stop();
  });
});

import type { Fault } from "../fault.ts";
import { onServers } from "../support/servers.ts";
import { type Stage, seconds, trial } from "../support/trial.ts";
import { pause, until } from "../support/wait.ts";

const RATE = 200;

/** How a while without the broker must look from outside. */
async function seeOutage({ readers, load, see }: Stage, began: number, wait_ms: number): Promise<void> {
  const stale = await until(
    "clients are told that the stream stands",
    () => readers.every(({ stalled }) => stalled),
    15_000,
  ).catch(() => undefined);
  const told = performance.now() - began;
  see(
    "clients are told that the stream stands",
    stale === undefined ? "no" : `after ${seconds(told)}`,
    stale !== undefined && told <= 10_000,
  );
  await pause(Math.max(0, wait_ms - (performance.now() - began)));
  const { unavailable, with_retry_after, other } = load.refusals;
  see(
    "ingest meanwhile",
    `${unavailable} × 503, ${with_retry_after} with Retry-After, ${other} others`,
    unavailable === with_retry_after && other === 0,
  );
  see(
    "clients that stayed connected",
    readers.filter(({ live }) => live).length,
    readers.every(({ live }) => live),
  );
}

const freshAgain = ({ readers }: Stage, within_ms: number) =>
  until("the stream goes on", () => readers.every(({ stalled }) => !stalled), within_ms);

export const brokerKilled: Fault = {
  name: "broker-killed",
  numbers: [1],
  title: "the Kafka broker killed by -9 and started again (30 s with --long, else 12 s)",
  on: "servers",
  quick: true,
  run: ({ quick }) =>
    onServers({ web: 1, processors: 0 }, ({ world, kafka }) =>
      trial(world, { rate: RATE, settle_ms: 90_000 }, async (stage) => {
        const began = performance.now();
        await kafka.kill();
        await seeOutage(stage, began, quick ? 12_000 : 30_000);
        await kafka.restart();
        const back = performance.now();
        await stage.more(RATE);
        await freshAgain(stage, 60_000);
        stage.see("everything goes on", `${seconds(performance.now() - back)} after its return`, true);
      }),
    ),
};

export const brokerStalled: Fault = {
  name: "broker-stalled",
  numbers: [2],
  title: "the Kafka broker stopped by SIGSTOP for 45 s: it holds its connections and says nothing",
  on: "servers",
  quick: false,
  run: () =>
    onServers({ web: 1, processors: 0 }, ({ world, kafka }) =>
      trial(world, { rate: RATE, settle_ms: 90_000 }, async (stage) => {
        const began = performance.now();
        kafka.pause();
        await seeOutage(stage, began, 45_000);
        kafka.resume();
        const caught = await until(
          "caught up",
          async () => {
            const readiness = await world.instances[0]!.readyz();
            return (
              readiness?.ready === true &&
              stage.readers.every(({ stalled, name }) => !stalled && stage.checker.missing(name) < RATE)
            );
          },
          60_000,
        );
        stage.see("caught up", `${seconds(caught)} after it went on`, caught <= 15_000);
      }),
    ),
};

export const mongoGone: Fault = {
  name: "mongodb-gone",
  numbers: [8],
  title: "MongoDB cut off under load for a while",
  on: "servers",
  quick: false,
  run: ({ quick }) =>
    onServers({ web: 1, processors: 0 }, ({ world, mongo_proxy }) =>
      trial(world, { rate: RATE, settle_ms: 90_000 }, async (stage) => {
        const began = performance.now();
        mongo_proxy.set({ kind: "cut" });
        await until(
          "it is said in /readyz",
          async () => (await world.instances[0]!.readyz())?.ready === false,
          15_000,
        );
        stage.see("said in /readyz", `after ${seconds(performance.now() - began)}`, true);
        await pause(Math.max(0, (quick ? 10_000 : 30_000) - (performance.now() - began)));
        mongo_proxy.set({ kind: "none" });
        const back = performance.now();
        await until("ready again", async () => (await world.instances[0]!.readyz())?.ready === true, 60_000);
        stage.see("ready again", `${seconds(performance.now() - back)} after its return`, true);
        await stage.more(RATE);
        const raised = await stage.alert("After MongoDB came back");
        stage.see("an alert is taken", String(raised), raised);
      }),
    ),
};

export const redisKilled: Fault = {
  name: "redis-killed",
  numbers: [],
  title: "Redis killed by -9 under load, and started again empty",
  on: "servers",
  quick: true,
  run: () =>
    onServers({ web: 2, processors: 0 }, ({ world, redis }) =>
      trial(world, { rate: RATE }, async ({ readers, admin, more, see }) => {
        const ticket = async () => {
          const response = await fetch(`${world.urls()[0]}/api/tickets`, {
            method: "POST",
            headers: { authorization: `Bearer ${admin}` },
          });
          await response.arrayBuffer();
          return response;
        };
        see("a ticket before", (await ticket()).status, (await ticket()).status === 201);
        await redis.kill();
        await more(RATE);
        const refused = await ticket();
        see(
          "a ticket meanwhile",
          `${refused.status}, Retry-After ${refused.headers.get("retry-after")}`,
          refused.status === 503 && refused.headers.has("retry-after"),
        );
        const readiness = await world.instances[0]!.readyz();
        const { shared } = readiness?.parts ?? {};
        see(
          "said in /readyz",
          shared?.detail ?? "nothing",
          shared?.ok === false && readiness?.ready === true,
        );
        see(
          "sockets stay",
          readers.filter(({ connections }) => connections === 1).length,
          readers.every(({ live, connections }) => live && connections === 1),
        );
        await redis.restart();
        const back = await until("tickets again", async () => (await ticket()).status === 201, 20_000);
        see("tickets again", `${seconds(back)} after its return`, true);
      }),
    ),
};

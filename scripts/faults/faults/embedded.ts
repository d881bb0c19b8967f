import type { Fault } from "../fault.ts";
import { seconds, trial } from "../support/trial.ts";
import { until } from "../support/wait.ts";
import { World } from "../support/world.ts";

/** Closes for which a client comes back. */
const SHUTTING_DOWN = 4000;

async function embedded<T>(
  env: Record<string, string>,
  use: (world: World) => Promise<T>,
  data_dir?: string,
): Promise<T> {
  const world = new World(env);
  try {
    await world.start("server", data_dir === undefined ? {} : { data_dir });
    return await use(world);
  } finally {
    await world.close();
  }
}

export const serverKilled: Fault = {
  name: "server-killed",
  numbers: [5, 11],
  title: "kill -9 of the whole server under load, started again",
  on: "embedded",
  quick: true,
  run: ({ quick }) =>
    embedded({}, (world) =>
      trial(world, {}, async ({ world: { instances }, readers, more, see }) => {
        const server = instances[0]!;
        for (let i = 0; i < (quick ? 2 : 10); i++) {
          await server.stop("SIGKILL");
          await server.restart();
          await until("every client is back", () => readers.every(({ live }) => live), 45_000);
          await more(quick ? 500 : 1_000);
        }
        const gap = Math.max(...readers.map(({ longest_gap_ms }) => longest_gap_ms));
        see("longest time without a connection", seconds(gap), gap < 45_000);
      }),
    ),
};

export const serverDeployed: Fault = {
  name: "server-deployed",
  numbers: [12],
  title: "SIGTERM under load, as at a deployment, and a start on the same data",
  on: "embedded",
  quick: true,
  run: () =>
    embedded({}, (world) =>
      trial(world, {}, async ({ world: { instances }, readers, load, more, see }) => {
        const server = instances[0]!;
        const begun = performance.now();
        const code = await server.stop("SIGTERM");
        see("exit code", String(code), code === 0);
        see("time to stop", seconds(performance.now() - begun), performance.now() - begun < 10_000);
        const closes = readers.map(({ last_close }) => last_close);
        see(
          "close codes",
          closes.join(", "),
          closes.every((close) => close === SHUTTING_DOWN),
        );
        await server.restart();
        await more(500);
        see("answers that were no refusal", load.refusals.other, load.refusals.other === 0);
      }),
    ),
};

export const burst: Fault = {
  name: "burst",
  numbers: [17],
  title: "ten times the load for a while",
  on: "embedded",
  quick: false,
  run: ({ quick }) =>
    embedded({}, (world) =>
      trial(world, { rate: 500, settle_ms: 120_000 }, async ({ load, readers, more, see, checker }) => {
        load.rate *= 10;
        await more(5_000 * (quick ? 10 : 60));
        load.rate /= 10;
        const drained = await until(
          "the burst has drained",
          () => readers.every(({ name }) => checker.missing(name) < 500),
          120_000,
        );
        see("drained after", seconds(drained), drained <= 120_000);
        see("clients that stayed", readers.filter(({ connections }) => connections === 1).length, true);
      }),
    ),
};

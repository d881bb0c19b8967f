import type { Fault } from "../fault.ts";
import { onServers } from "../support/servers.ts";
import { seconds, trial } from "../support/trial.ts";
import { pause, until } from "../support/wait.ts";

const RATE = 200;
const SESSION_MS = 15_000;

export const instances: Fault = {
  name: "instances",
  numbers: [4, 5, 11, 12],
  title: "three web instances and two processors; each kind killed by -9, stopped and added under load",
  on: "servers",
  quick: false,
  run: ({ quick }) =>
    onServers({ web: 3, processors: 2 }, ({ world }) =>
      trial(world, { rate: RATE, settle_ms: 90_000 }, async ({ readers, load, more, see }) => {
        const back = () => until("every client is back", () => readers.every(({ live }) => live), 45_000);
        for (let round = 0; round < (quick ? 1 : 5); round++) {
          for (const reader of readers) reader.move();
          await back();
          await more(RATE);
          await world.named("web 2").stop("SIGKILL");
          await back();
          await more(RATE);
          await world.named("web 2").restart();
          await world.named("processor 1").stop("SIGKILL");
          await more(RATE * 2);
          await world.start(`processor of round ${round + 1}`, {
            env: { ROLES: "processor" },
            role: "processor",
          });
          await more(RATE * 2);
          await world.named("processor 1").restart();
          const code = await world.named("web 3").stop("SIGTERM");
          see("exit code of a web instance", String(code), code === 0);
          await back();
          await world.named("web 3").restart();
          const stopped = await world.named("processor 2").stop("SIGTERM");
          see("exit code of a processor", String(stopped), stopped === 0);
          await more(RATE * 2);
          await world.named("processor 2").restart();
        }
        const gap = Math.max(...readers.map(({ longest_gap_ms }) => longest_gap_ms));
        see("longest time without a connection", seconds(gap), gap < 45_000);
        see("answers that were no refusal", load.refusals.other, load.refusals.other === 0);
      }),
    ),
};

export const processorPaused: Fault = {
  name: "processor-paused",
  numbers: [6],
  title: "a processor stopped past its session; what it does when it wakes must not count",
  on: "servers",
  quick: false,
  run: () =>
    onServers({ web: 1, processors: 2 }, ({ world }) =>
      trial(world, { rate: RATE, settle_ms: 90_000 }, async ({ more }) => {
        const sleeper = world.named("processor 1");
        sleeper.pause();
        await pause(SESSION_MS + 5_000);
        await more(RATE * 2);
        sleeper.resume();
        await more(RATE * 5);
      }),
    ),
};

import {
  commandOf,
  HISTORY_LOST,
  isChangeStream,
  NOT_WRITABLE_PRIMARY,
  replyTo,
} from "../../../lib/testing/mongo-replies.ts";
import type { TcpProxy } from "../../../lib/testing/tcp-proxy.ts";
import type { Fault } from "../fault.ts";
import { onServers } from "../support/servers.ts";
import { type Stage, seconds, trial } from "../support/trial.ts";
import { pause, until } from "../support/wait.ts";

const RATE = 200;
const WRITES = ["insert", "update", "delete", "findAndModify"];

type Command = NonNullable<ReturnType<typeof commandOf>>;

/** Answers the commands that `which` names in the server's place. @returns how many so far */
function answer(proxy: TcpProxy, which: (command: Command) => boolean, reply: object): () => number {
  let answered = 0;
  proxy.set({
    kind: "script",
    answer(chunk) {
      const command = commandOf(chunk);
      if (command === undefined || !which(command)) return undefined;
      answered++;
      return replyTo(chunk, reply);
    },
  });
  return () => answered;
}

/** Raises an alert and sees it at every client within the time. */
async function seeAlert({ alert, readers, see }: Stage, title: string, within_ms: number): Promise<void> {
  const before = readers.map(({ alert_seqs }) => alert_seqs.length);
  const began = performance.now();
  // While MongoDB takes no writes it is refused, and asked again as a program would.
  await until("an alert is taken", () => alert(title), within_ms);
  const arrived = () => readers.every(({ alert_seqs }, i) => alert_seqs.length > before[i]!);
  const took = await until("it arrives", arrived, within_ms).catch(() => undefined);
  see(
    `alert "${title}" at every client`,
    took === undefined ? "no" : `after ${seconds(performance.now() - began)}`,
    took !== undefined && performance.now() - began <= within_ms,
  );
}

export const kafkaStranded: Fault = {
  name: "kafka-stranded",
  numbers: [3],
  title: "every connection to Kafka swallows what is sent and never ends; new ones work",
  on: "servers",
  quick: false,
  run: () =>
    onServers({ web: 1, processors: 0 }, ({ world, kafka_proxy }) =>
      trial(world, { rate: RATE, settle_ms: 90_000 }, async ({ checker, readers, see }) => {
        kafka_proxy.set({ kind: "strand" });
        const wanted = checker.acknowledgedReadings + 2 * RATE;
        const took = await until(
          "taken and told again",
          () =>
            checker.acknowledgedReadings >= wanted &&
            readers.every(({ name, stalled }) => !stalled && checker.missing(name) < RATE),
          60_000,
        ).catch(() => undefined);
        see(
          "taken and told again, by connections made anew",
          took === undefined ? "no" : `after ${seconds(took)}`,
          took !== undefined,
        );
      }),
    ),
};

export const stepDown: Fault = {
  name: "mongodb-step-down",
  numbers: [7],
  title:
    "a primary steps down: writes and change streams get MongoDB's documented 10107, put on the wire by a proxy",
  on: "servers",
  quick: false,
  run: ({ quick }) =>
    onServers({ web: 1, processors: 0 }, ({ world, mongo_proxy }) =>
      trial(world, { rate: RATE, settle_ms: 90_000 }, async (stage) => {
        await seeAlert(stage, "Before the step-down", 10_000);
        const answered = answer(
          mongo_proxy,
          (command) => WRITES.some((name) => name in command) || isChangeStream(command),
          NOT_WRITABLE_PRIMARY,
        );
        await pause(quick ? 10_000 : 30_000);
        stage.see("an alert meanwhile", "refused", !(await stage.alert("During the step-down")));
        mongo_proxy.set({ kind: "none" });
        stage.see("commands refused by it", answered(), answered() > 0);
        await seeAlert(stage, "After the step-down", 30_000);
      }),
    ),
};

export const historyLost: Fault = {
  name: "mongodb-history-lost",
  numbers: [9],
  title: "the change stream's history is lost: MongoDB's documented 286, put on the wire by a proxy",
  on: "servers",
  quick: false,
  run: () =>
    onServers({ web: 1, processors: 0 }, ({ world, mongo_proxy }) =>
      trial(world, { rate: RATE }, async (stage) => {
        await seeAlert(stage, "Before the loss", 10_000);
        const answered = answer(mongo_proxy, isChangeStream, HISTORY_LOST);
        await until("the change stream is refused", () => answered() > 0, 30_000);
        for (let i = 1; i <= 3; i++)
          await until("an alert is taken", () => stage.alert(`During the loss ${i}`), 10_000);
        mongo_proxy.set({ kind: "none" });
        stage.see("change streams refused by it", answered(), answered() > 0);
        await seeAlert(stage, "After the loss", 30_000);
      }),
    ),
};

export const mongoStandalone: Fault = {
  name: "mongodb-standalone",
  numbers: [10],
  title: "a MongoDB-compatible server without change streams: alerts are asked for, and /readyz says so",
  on: "servers",
  quick: false,
  run: () =>
    onServers({ web: 1, processors: 0, change_streams: false }, ({ world }) =>
      trial(world, { rate: RATE }, async (stage) => {
        const detail = async () => (await world.instances[0]!.readyz())?.parts.store?.detail ?? "";
        await until("/readyz says polling", async () => (await detail()).includes("polling"), 60_000);
        stage.see("said in /readyz", await detail(), true);
        for (let i = 1; i <= 5; i++) await seeAlert(stage, `Without change streams ${i}`, 5_000);
      }),
    ),
};

import { fork } from "node:child_process";
import { type Line, percentile } from "../support/report.ts";
import type { ScoreLoop } from "../support/score-loop.ts";

const ENGINES = 150;
const ROUNDS = 3;
const AT_MOST_US = 20;

interface Measured {
  cpu_us: number;
  readings: number;
}

/** One loop, in a process of its own. */
function measure(loop: ScoreLoop): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL("../support/score-loop.ts", import.meta.url), [loop, String(ENGINES)], {
      execArgv: ["--import", "tsx"],
    });
    child.once("message", resolve as (message: unknown) => void);
    child.once("exit", (code) => code !== 0 && reject(new Error(`the loop ${loop} ended with ${code}`)));
  });
}

/** What judging adds to a loop that only parses and stores: CPU of one core a reading. */
export async function score(): Promise<Line[]> {
  const rounds: Record<ScoreLoop, Measured>[] = [];
  for (let round = 0; round < ROUNDS; round++)
    rounds.push({
      bare: await measure("bare"),
      health: await measure("health"),
      life: await measure("life"),
      anomaly: await measure("anomaly"),
    });
  const median = (of: (round: Record<ScoreLoop, Measured>) => number) => percentile(rounds.map(of), 50);
  const bare = median((round) => round.bare.cpu_us);
  const added: [string, (round: Record<ScoreLoop, Measured>) => number][] = [
    ["the health index", ({ health, bare }) => health.cpu_us - bare.cpu_us],
    ["the health index and remaining life by a model", ({ life, bare }) => life.cpu_us - bare.cpu_us],
    ["the health index and the anomaly of each sensor", ({ anomaly, bare }) => anomaly.cpu_us - bare.cpu_us],
  ];
  return added.map(([what, of]) => {
    const more = median(of);
    return {
      what: `CPU that judging adds to a reading: ${what}`,
      ours: `+${more.toFixed(1)} µs`,
      theirs: `${bare.toFixed(1)} µs`,
      ratio: `+${Math.round((100 * more) / bare)} %`,
      target: `≤ ${AT_MOST_US} µs`,
      met: more <= AT_MOST_US,
      conditions: `${rounds[0]!.bare.readings.toLocaleString("en")} readings of ${ENGINES} engines in six operating regimes, 8 sensors each, one time step after another, one process and core; medians of ${ROUNDS} rounds; instead: the same loop that only parses the lines and stores them as rows (libsql, WAL, synchronous=FULL, 1,000 rows a transaction)`,
    };
  });
}

import { fork } from "node:child_process";
import { bodies, post } from "../support/load.ts";
import { startProduct, untilStored } from "../support/processes.ts";
import { type Line, number } from "../support/report.ts";

const READINGS = 500_000;
const BATCH = 1_000;
const IN_FLIGHT = 4;

/** Rows a second of the bare insert loop, in a process of its own. */
function bareLoop(): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(
      new URL("../support/bare-loop.ts", import.meta.url),
      [String(READINGS), String(BATCH)],
      { execArgv: ["--import", "tsx"] },
    );
    child.once("message", (message: { rate: number }) => resolve(message.rate));
    child.once("exit", (code) => code !== 0 && reject(new Error(`the bare loop ended with ${code}`)));
  });
}

/** Ingest over HTTP, to the acknowledgement and to the store, beside a bare insert loop. */
export async function ingest(): Promise<Line[]> {
  const bare = await bareLoop();
  const batches = [...bodies(READINGS, BATCH)];
  const product = await startProduct();
  try {
    const started = performance.now();
    const queue = batches.values();
    await Promise.all(
      Array.from({ length: IN_FLIGHT }, async () => {
        for (const { body } of queue) await post(product, body);
      }),
    );
    const acknowledged = READINGS / ((performance.now() - started) / 1_000);
    await untilStored(product, READINGS);
    const stored = READINGS / ((performance.now() - started) / 1_000);
    const conditions = `${READINGS.toLocaleString("en")} readings of 300 sensors, ${BATCH} a request, ${IN_FLIGHT} requests in flight, the sender on the same 2 cores; instead: the bare loop with the same libsql, WAL, synchronous=FULL, ${BATCH} rows a transaction, rows ready in memory, one table with the identity as its key`;
    return (
      [
        ["to the acknowledgement", acknowledged],
        ["to the store (judged, scored, counted)", stored],
      ] as const
    ).map(([what, rate]) => ({
      what: `Ingest over HTTP, ${what}, readings a second`,
      ours: number(rate),
      theirs: number(bare),
      ratio: `${Math.round((rate / bare) * 100)} %`,
      target: "≥ 50 %",
      met: rate / bare >= 0.5,
      conditions,
    }));
  } finally {
    await product.stop();
  }
}

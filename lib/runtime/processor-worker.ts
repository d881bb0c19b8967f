/** Entry of the processor's thread: its own connections to the log and the store, its own event loop. */
import { parentPort, workerData } from "node:worker_threads";
import { openLogReader } from "../adapters/embedded/log-reader.ts";
import { openStore } from "../adapters/embedded/store.ts";
import { createProcessor } from "../processor/processor.ts";
import { createForwardingMetrics } from "./forwarding-metrics.ts";
import { createLogger } from "./logger.ts";
import type { ProcessorReport, ProcessorWorkerData } from "./processor-host.ts";
import { openKafkaLog, openMongoStore, openPartitionGroup } from "./server-adapters.ts";
import { systemClock } from "./system-clock.ts";

const REPORT_EVERY_MS = 500;

const { data_dir, log_level, servers, timestamp_bounds } = workerData as ProcessorWorkerData;
const port = parentPort!;
const send = (report: ProcessorReport) => port.postMessage(report);

const logger = createLogger(log_level).child({ part: "processor" });
const metrics = createForwardingMetrics((report) => send({ kind: "metrics", report }));

function open() {
  if (servers === undefined) {
    const log = openLogReader({ data_dir, logger });
    const store = openStore({ data_dir, clock: systemClock, logger, metrics });
    return { log, store, further: {} };
  }
  const parts = { servers, clock: systemClock, logger, metrics };
  const log = openKafkaLog({ ...parts, timestamp_bounds }, "processor");
  const group = openPartitionGroup(parts);
  return {
    log,
    store: openMongoStore(parts, "processor"),
    further: { group, publishHealth: log.publishHealth },
  };
}

const { log, store, further } = open();
await store.start();
await log.start();
const processor = createProcessor({ log, store, clock: systemClock, logger, metrics, ...further });
await processor.start();

const timer = setInterval(async () => {
  metrics.flush();
  try {
    send({ kind: "state", lag: await processor.lag(), at: systemClock.now() });
  } catch (error) {
    send({ kind: "trouble", detail: error instanceof Error ? error.message : String(error) });
  }
}, REPORT_EVERY_MS);

port.on("message", async (message: "stop") => {
  if (message !== "stop") return;
  clearInterval(timer);
  await processor.stop();
  await log.stop();
  await store.stop();
  metrics.flush();
  send({ kind: "stopped" });
  port.close();
});
send({ kind: "started" });

import type { Worker } from "node:worker_threads";
import { spawnWorker } from "../adapters/embedded/worker-rpc.ts";
import type { EpochMs, TimestampBounds } from "../domain/time.ts";
import type { Clock, Logger, Metrics, Service } from "../ports/system.ts";
import { applyMetricsReport, type MetricsReport } from "./forwarding-metrics.ts";
import type { PartState } from "./handle.ts";
import type { ServersConfig } from "./topology.ts";

export interface ProcessorWorkerData {
  data_dir: string;
  log_level: string;
  timestamp_bounds: TimestampBounds;
  /** Where the log and the store are not in the data directory. */
  servers?: ServersConfig;
}

export type ProcessorReport =
  | { kind: "started" }
  | { kind: "stopped" }
  | { kind: "metrics"; report: MetricsReport }
  /** `lag`: readings that are in the log and not processed yet. */
  | { kind: "state"; lag: number; at: EpochMs }
  /** It runs, and cannot see how far the log goes. */
  | { kind: "trouble"; detail: string };

/** The thread tells its state twice a second; silent for this long it counts as stuck. */
const SILENT_MS = 10_000;
const RESTART_MS = { first: 200, most: 10_000 };

/** Runs the processor in a worker thread and starts it again when it dies; nothing is lost, it goes on from its saved position. */
export function createProcessorHost(options: {
  worker: ProcessorWorkerData;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}): Service & { state(): PartState } {
  const { clock, logger, metrics } = options;
  let worker: Worker | undefined;
  let stopping = false;
  let pause = RESTART_MS.first;
  let restart: NodeJS.Timeout | undefined;
  let last: { lag: number; at: EpochMs } | undefined;
  let trouble: string | undefined;

  function launch(): Promise<void> {
    const running = spawnWorker("processor-worker", options.worker);
    worker = running;
    return new Promise((resolve, reject) => {
      running.on("message", (message: ProcessorReport) => {
        if (message.kind === "started") {
          pause = RESTART_MS.first;
          last = { lag: 0, at: clock.now() };
          resolve();
        } else if (message.kind === "state") {
          last = message;
          trouble = undefined;
          metrics.gauge("foresight_processor_lag", message.lag);
        } else if (message.kind === "trouble") trouble = message.detail;
        else if (message.kind === "metrics") applyMetricsReport(metrics, message.report);
      });
      running.on("error", (error) => {
        logger.error({ error: error.message }, "the processor failed");
        reject(error);
      });
      running.on("exit", () => {
        if (worker === running) worker = undefined;
        if (stopping) return;
        metrics.increment("foresight_processor_restarts_total");
        restart = setTimeout(() => launch().catch(() => undefined), pause);
        pause = Math.min(pause * 2, RESTART_MS.most);
      });
    });
  }

  return {
    async start() {
      if (worker === undefined) await launch();
    },
    async stop() {
      stopping = true;
      clearTimeout(restart);
      const running = worker;
      if (running === undefined) return;
      await new Promise<void>((resolve) => {
        running.once("exit", () => resolve());
        running.postMessage("stop");
      });
    },
    state() {
      if (worker === undefined || last === undefined)
        return { ok: false, detail: "not running, starts again by itself" };
      if (trouble !== undefined) return { ok: false, detail: trouble };
      if (clock.now() - last.at > SILENT_MS) return { ok: false, detail: "gives no sign of life" };
      return { ok: true, detail: `${last.lag} readings behind` };
    },
  };
}

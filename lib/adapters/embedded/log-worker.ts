/** Entry of the log's thread: the only writer of log.db, and the main thread's reader of it and of the health scores. */
import { parentPort, type TransferListItem, workerData } from "node:worker_threads";
import type { LogPosition } from "../../domain/log-position.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Topic } from "../../ports/event-log.ts";
import { logFile } from "./data-files.ts";
import { type Extent, PARTITION } from "./log-position.ts";
import { type Append, type Appended, createLogTables, writeLogTable } from "./log-table.ts";
import { openDatabase } from "./sqlite.ts";
import { openHealthFile, type Stretch } from "./topic-files.ts";
import { expose, transfer } from "./worker-rpc.ts";

export interface LogWorkerData {
  data_dir: string;
}

/** The health scores have changed; the readings change through `append` alone. */
export type LogWorkerEvent = "health_scores";

export type LogWorkerMethods = {
  /** First of all: opens the files. @returns extent of the readings */
  open(): Extent;
  append(appends: Append[], now: EpochMs): Appended[];
  extent(topic: Topic): Extent;
  since(topic: Topic, at: EpochMs): number;
  read(topic: Topic, position: LogPosition, max_values: number): Stretch<Topic>;
  /** One step of retention, see `writeLogTable`. */
  trim(before: EpochMs, keep_from: number, keys_before: EpochMs): boolean;
  /** Ends the thread. */
  close(): void;
};

const { data_dir } = workerData as LogWorkerData;
const port = parentPort!;

function open() {
  const db = openDatabase(logFile(data_dir));
  createLogTables(db);
  const health = openHealthFile(data_dir);
  const unwatch = health.watch(() => emit("health_scores" satisfies LogWorkerEvent));
  const readings = writeLogTable(db);
  return {
    readings,
    health,
    close() {
      unwatch();
      health.close();
      try {
        db.checkpoint();
      } finally {
        db.close();
      }
    },
  };
}
let files: ReturnType<typeof open> | undefined;
const opened = () => {
  files ??= open();
  return files;
};

const methods: LogWorkerMethods = {
  open: () => opened().readings.extent(),
  append: (appends, now) => opened().readings.append(appends, now),
  extent: (topic) => (topic === "health_scores" ? opened().health : opened().readings).extent(),
  since: (topic, at) => (topic === "health_scores" ? opened().health : opened().readings).since(at),
  read(topic, position, max_values) {
    if (topic === "health_scores") return opened().health.read(position, max_values);
    const rows = opened().readings.read(position, max_values);
    const stretch: Stretch<"sensor_readings"> = {
      log_id: position.log_id,
      from: position.next[PARTITION]!,
      rows,
    };
    return transfer(
      stretch,
      rows.map(({ block }) => block.buffer as TransferListItem),
    );
  },
  trim: (before, keep_from, keys_before) => opened().readings.trim(before, keep_from, keys_before),
  close() {
    // After the answer has left.
    setImmediate(() => port.close());
    files?.close();
    files = undefined;
  },
};
const emit = expose(port, methods);

import { existsSync } from "node:fs";
import { openCarrySource } from "../../adapters/embedded/carry-source.ts";
import { storeFile } from "../../adapters/embedded/data-files.ts";
import { acquireDataLock } from "../../adapters/embedded/data-lock.ts";
import { openLogReader } from "../../adapters/embedded/log-reader.ts";
import { openStore } from "../../adapters/embedded/store.ts";
import { partitionOf } from "../../adapters/kafka/producer.ts";
import { keyOf } from "../../adapters/kafka/wire-reading.ts";
import { openCarryTarget } from "../../adapters/mongo/carry-target.ts";
import { ForesightError } from "../../domain/errors.ts";
import type { Clock, Logger, Metrics } from "../../ports/system.ts";
import { createProcessor } from "../../processor/processor.ts";
import type { Config } from "../config.ts";
import { openKafkaLog } from "../server-adapters.ts";
import type { ServersConfig } from "../topology.ts";
import { carry, stateIn } from "./carry.ts";
import { type Comparison, compare, digestOf } from "./digest.ts";

export interface MigrateOptions {
  data_dir: string;
  servers: ServersConfig;
  timestamp_bounds: Config["timestamp_bounds"];
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** A line for people. */
  say(line: string): void;
  progress(share: number, note: string): void;
  /** Throws where somebody wants it to end. */
  proceed(): void;
}

const LOOK_MS = 100;

/** Judges and stores what is in the log and not in the store yet. @returns the log's identity */
async function finishLog({
  data_dir,
  clock,
  logger,
  metrics,
  say,
  proceed,
}: MigrateOptions): Promise<string> {
  const log = openLogReader({ data_dir, logger });
  const store = openStore({ data_dir, clock, logger });
  await store.start();
  await log.start();
  const processor = createProcessor({ log, store, clock, logger, metrics });
  try {
    await processor.start();
    const left = await processor.lag();
    if (left > 0) say(`Processing the last ${left} readings of the log …`);
    while ((await processor.lag()) > 0) {
      proceed();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return (await log.head("sensor_readings")).log_id;
  } finally {
    await processor.stop();
    await log.stop();
    await store.stop();
  }
}

/** Makes the topics. @returns how many partitions readings have. @throws ForesightError `conflict` where one is not empty */
async function prepareTopics(options: MigrateOptions): Promise<number> {
  const log = openKafkaLog(options, "web");
  try {
    await log.start();
    for (const topic of ["sensor_readings", "health_scores"] as const) {
      const head = await log.head(topic);
      const earliest = await log.earliest(topic);
      for (const [partition, end] of Object.entries(head.next))
        if (end > (earliest.next[Number(partition)] ?? 0))
          throw new ForesightError(
            "conflict",
            `The topic ${topic} has records already: migrate before the new installation takes readings, or set KAFKA_TOPIC_PREFIX.`,
          );
    }
    return Object.keys((await log.head("sensor_readings")).next).length;
  } finally {
    await log.stop();
  }
}

/**
 * Carries the store of a data directory into an empty database and verifies it. Cut off at any point and called again
 * it goes on. Holds the data directory's lock, so no server runs on it meanwhile.
 * @returns what was compared, part by part; where anything differs servers are not let in
 * @throws ForesightError `conflict` where a server runs, or the target is not empty or another store's
 */
export async function migrateInstallation(options: MigrateOptions): Promise<Comparison[]> {
  const { data_dir, servers, clock, say, proceed } = options;
  if (!existsSync(storeFile(data_dir)))
    throw new ForesightError(
      "not_found",
      `There is no FORESIGHT data in ${data_dir}; name it with --data-dir.`,
    );
  const lock = acquireDataLock(data_dir);
  const ends: (() => Promise<void> | void)[] = [() => lock.release()];
  try {
    const target = await openCarryTarget({ uri: servers.mongodb_uri, clock });
    ends.push(() => target.close());
    const source = await openCarrySource({ data_dir, clock });
    ends.push(() => source.close());
    const claimed = await target.claim(source.id());
    if (claimed === "done")
      throw new ForesightError(
        "conflict",
        "This data directory has been carried into this database already, and what is there may have gone on since.",
      );
    const partitions = await prepareTopics(options);
    const partition = (tenant_id: string, asset_id: string) =>
      partitionOf(keyOf(tenant_id, asset_id), partitions);
    const log_id = await finishLog(options);
    say(claimed === "new" ? "Carrying everything over …" : "Going on where it was cut off …");
    await carry({
      source,
      target,
      partitionOf: partition,
      log_id,
      proceed,
      progress: (done, of, what) => options.progress(of === 0 ? 1 : done / of, `${done} of ${of}, ${what}`),
    });
    say("Comparing …");
    const stateOf = (tenant_id: string, asset_id: string, state: Uint8Array) =>
      stateIn(partition(tenant_id, asset_id), asset_id, state);
    const compared = compare(
      await digestOf(source, { proceed, stateOf }),
      await digestOf(target, { proceed }),
    );
    if (compared.every(({ same }) => same)) await target.end();
    return compared;
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

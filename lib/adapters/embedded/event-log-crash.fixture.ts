/**
 * Appends batches to the log of the data directory given, without end, and tells each on standard output once it
 * is acknowledged: one line `<number> <first offset> <count>`. The test kills it.
 */
import { writeSync } from "node:fs";
import type { Reading } from "../../domain/reading.ts";
import type { Logger, Metrics } from "../../ports/system.ts";
import { createEmbeddedLog } from "./event-log.ts";

const [data_dir, first] = process.argv.slice(2) as [string, string];
const nothing = () => undefined;
const logger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => logger };
const metrics: Metrics = { increment: nothing, gauge: nothing, observe: nothing };
const log = createEmbeddedLog({
  data_dir,
  clock: { now: () => Date.now() },
  logger,
  metrics,
  retention_ms: 86_400_000,
});
await log.start();

function batch(number: number): Reading[] {
  return Array.from({ length: 1 + (number % 50) }, (_, i) => ({
    asset_id: `A-${number}`,
    sensor_id: "S",
    sensor_type: "temperature",
    value: number,
    unit: "celsius",
    quality: "good",
    timestamp: i,
  }));
}

let number = Number(first);
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (;;) {
      const mine = number++;
      const readings = batch(mine);
      const { position } = await log.append("acme", readings, { idempotency_key: `batch-${mine}` });
      writeSync(1, `${mine} ${position.next[0]! - readings.length} ${readings.length}\n`);
    }
  }),
);

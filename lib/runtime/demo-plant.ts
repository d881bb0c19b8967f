import { plantReadings } from "../ingest/plant/plant.ts";
import type { EventLog } from "../ports/event-log.ts";
import type { Clock, Logger, Service } from "../ports/system.ts";
import { DEMO_TENANT } from "./demo-tenant.ts";

const INTERVAL_MS = 1_000;
const ASSETS = 9;

/** Streams a generated plant into the demo tenant, live, until it is stopped. */
export function createDemoPlant({
  log,
  clock,
  logger,
}: {
  log: EventLog;
  clock: Clock;
  logger: Logger;
}): Service {
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<unknown> = Promise.resolve();
  return {
    async start() {
      const steps = plantReadings({
        assets: ASSETS,
        interval_ms: INTERVAL_MS,
        seed: 1,
        start: clock.now(),
        mode: { kind: "endless" },
      });
      timer = setInterval(() => {
        const now = clock.now();
        const step = steps.next();
        const readings = step.done ? [] : step.value.map((reading) => ({ ...reading, timestamp: now }));
        sending = sending
          .then(() => log.append(DEMO_TENANT, readings))
          .catch((error: Error) => logger.warn({ error: error.message }, "the demo plant could not append"));
      }, INTERVAL_MS);
    },
    async stop() {
      clearInterval(timer);
      await sending;
    },
  };
}

/**
 * Commits to the store of the data directory given, from its saved position on and without end, and tells each new
 * position on standard output once it is committed. The test kills it.
 */
import { writeSync } from "node:fs";
import type { Reading } from "../../domain/reading.ts";
import { openStore } from "./store.ts";

const [data_dir] = process.argv.slice(2) as [string];
const TENANT = "acme";
const LOG = "log-1";
const SENSORS = 7;

function readingAt(offset: number): Reading {
  return {
    asset_id: "A",
    sensor_id: `S${offset % SENSORS}`,
    sensor_type: "temperature",
    value: offset,
    unit: "celsius",
    quality: "good",
    timestamp: Math.floor(offset / SENSORS),
  };
}

const store = openStore({ data_dir, clock: { now: Date.now } });
await store.start();
let offset = (await store.processorPosition(LOG)).next[0]!;
for (;;) {
  const next = offset + 1 + (offset % 300);
  await store.commit({
    partition: 0,
    from_offset: offset,
    next_offset: next,
    readings: [
      {
        tenant_id: TENANT,
        received_at: offset,
        readings: Array.from({ length: next - offset }, (_, i) => readingAt(offset + i)),
      },
    ],
    commands: [
      {
        tenant_id: TENANT,
        commands: [
          {
            kind: "raise",
            event_id: `event-${offset}`,
            at: offset,
            by: "rule",
            rule_id: `rule-${offset}`,
            asset_id: "A",
            title: "High",
            severity: "info",
            metric_value: offset,
            timestamp: offset,
          },
        ],
      },
    ],
    health: [
      {
        tenant_id: TENANT,
        asset_id: "A",
        timestamp: offset * 1_000,
        received_at: offset,
        score: 50,
        risk_level: "medium",
        evidence: [],
        source_partition: 0,
        source_offset: next,
      },
    ],
    state: [{ tenant_id: TENANT, asset_id: "A", state: new TextEncoder().encode(String(next)) }],
  });
  offset = next;
  writeSync(1, `${next}\n`);
}

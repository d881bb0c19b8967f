/**
 * Tries what FORESIGHT promises under faults: `npm run faults -- NAME [--long]`, `npm run faults -- quick`,
 * `npm run faults -- list`. Runs the built server (`npm run build`); ends with 1 where a promise was not kept.
 */

import { howToInstall, missingPrograms } from "../../lib/testing/services/programs.ts";
import type { Fault } from "./fault.ts";
import { historyLost, kafkaStranded, mongoStandalone, stepDown } from "./faults/connections.ts";
import { burst, serverDeployed, serverKilled } from "./faults/embedded.ts";
import { instances, processorPaused } from "./faults/instances.ts";
import { clockSteps, diskFull } from "./faults/machine.ts";
import { brokerKilled, brokerStalled, mongoGone, redisKilled } from "./faults/servers.ts";
import type { Findings } from "./support/trial.ts";

const FAULTS: Fault[] = [
  serverKilled,
  serverDeployed,
  diskFull,
  clockSteps,
  burst,
  instances,
  processorPaused,
  brokerKilled,
  brokerStalled,
  kafkaStranded,
  mongoGone,
  stepDown,
  historyLost,
  mongoStandalone,
  redisKilled,
];

const name = process.argv[2];
const long = process.argv.includes("--long");

function print({ findings, report }: Findings): boolean {
  for (const { what, found, ok } of findings)
    process.stdout.write(`  ${ok ? "ok " : "BAD"} ${what}: ${found}\n`);
  const { produced, acknowledged, stored, readers } = report;
  process.stdout.write(
    `  ${report.ok ? "ok " : "BAD"} ${produced} produced, ${acknowledged} acknowledged; stored ${stored.distinct}, ` +
      `lost ${stored.lost}, doubled ${stored.doubled}, changed ${stored.changed}\n`,
  );
  for (const { reader, distinct, lost, doubled, repeated, reordered, resets } of readers)
    process.stdout.write(
      `      ${reader}: ${distinct} delivered, lost ${lost}, doubled ${doubled}, reordered ${reordered}, ` +
        `resets ${resets} (repeated and known by their identity: ${repeated})\n`,
    );
  return report.ok && findings.every(({ ok }) => ok);
}

async function tryFault(fault: Fault): Promise<boolean> {
  process.stdout.write(`\n${fault.name} (fault ${fault.numbers.join(", ")}): ${fault.title}\n`);
  const begun = performance.now();
  try {
    const kept = print(await fault.run({ quick: !long }));
    process.stdout.write(
      `  ${kept ? "kept" : "NOT KEPT"}, ${((performance.now() - begun) / 1_000).toFixed(0)} s\n`,
    );
    return kept;
  } catch (error) {
    process.stdout.write(`  BAD ${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}

if (name === "list" || name === undefined) {
  for (const { name: own, numbers, title, on, quick } of FAULTS)
    process.stdout.write(
      `${own.padEnd(24)} fault ${numbers.join(", ").padEnd(8)} ${on.padEnd(9)} ${quick ? "quick  " : "       "}${title}\n`,
    );
  process.exit(name === undefined ? 2 : 0);
}
let chosen =
  name === "quick"
    ? FAULTS.filter(({ quick }) => quick)
    : FAULTS.filter((fault) => fault.name === name || name === "all");
const needs_servers = chosen.filter(({ on }) => on === "servers");
const ci = process.env.CI === "true";
const missing = needs_servers.length > 0 ? missingPrograms(ci) : [];
if (missing.length > 0) {
  const how = `${missing.join(", ")} not found; to include them: ${howToInstall(missing)}`;
  process.stdout.write(
    `Faults of Kafka, MongoDB and Redis (${needs_servers.map((fault) => fault.name).join(", ")}): ${how}\n`,
  );
  if (ci || name !== "quick") process.exit(1);
  chosen = chosen.filter(({ on }) => on === "embedded");
}
if (chosen.length === 0) {
  process.stderr.write(`There is no fault "${name}"; \`npm run faults -- list\` shows them.\n`);
  process.exit(2);
}
let kept = true;
for (const fault of chosen) kept = (await tryFault(fault)) && kept;
process.exit(kept ? 0 : 1);

/** `npm run bench`: each comparison in turn, ours and the other's in the same run; `--long` the ones that take minutes. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { charts, paint } from "./scenarios/browser.ts";
import { chart } from "./scenarios/chart.ts";
import { delivery } from "./scenarios/delivery.ts";
import { idleClients } from "./scenarios/idle-clients.ts";
import { ingest } from "./scenarios/ingest.ts";
import { kafka } from "./scenarios/kafka.ts";
import { longFile } from "./scenarios/long-file.ts";
import { mongoChunks } from "./scenarios/mongo-chunks.ts";
import { score } from "./scenarios/score.ts";
import { type Line, table } from "./support/report.ts";

const SHORT = {
  delivery,
  ingest,
  chart,
  "idle-clients": idleClients,
  paint,
  "mongo-chunks": mongoChunks,
  kafka,
  score,
};
const LONG = { "long-file": longFile, charts };

const long = process.argv.includes("--long");
const only = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
execFileSync(process.execPath, ["--import", "tsx", "scripts/build.ts"], { stdio: ["ignore", 2, 2] });

const lines: Line[] = [];
const failures: string[] = [];
for (const [name, scenario] of Object.entries<() => Promise<Line[]>>(long ? LONG : SHORT)) {
  if (only.length > 0 && !only.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  try {
    lines.push(...(await scenario()));
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
const machine = `${cpus().length} × ${cpus()[0]!.model}, ${Math.round(totalmem() / 1024 ** 3)} GiB, Node ${process.versions.node}`;
const text = `${table(lines)}\n\nMeasured in one run on ${machine}.\n`;
mkdirSync("bench/results", { recursive: true });
writeFileSync(`bench/results/${long ? "long" : "short"}.md`, text);
writeFileSync(
  `bench/results/${long ? "long" : "short"}.json`,
  JSON.stringify({ at: new Date().toISOString(), machine, lines, failures }, null, 2),
);
process.stdout.write(`\n${text}\n`);
for (const failure of failures) process.stdout.write(`FAILED ${failure}\n`);
process.exit(failures.length > 0 ? 1 : 0);

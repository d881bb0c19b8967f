/**
 * Scores the anomaly scorer on a directory of the Numenta Anomaly Benchmark:
 *
 *   node --import tsx scripts/nab-score.ts DIR [--labels combined_windows.json]
 *
 * DIR holds folders of `timestamp,value` files, as the benchmark's `data` does; the labels are its
 * `labels/combined_windows.json` (looked for beside DIR). Files that the labels do not name are left out.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { initialAnomaly, stepAnomaly } from "../lib/domain/anomaly-scorer.ts";
import { type NabSeries, nabScore } from "../lib/testing/nab/score.ts";

const [directory, flag, given] = process.argv.slice(2);
if (directory === undefined || (flag !== undefined && (flag !== "--labels" || given === undefined))) {
  process.stderr.write("node --import tsx scripts/nab-score.ts DIR [--labels combined_windows.json]\n");
  process.exit(2);
}
const labels_path = given ?? join(directory, "../labels/combined_windows.json");
const labels = JSON.parse(await readFile(labels_path, "utf8")) as Record<string, [string, string][]>;
const time = (text: string) => Date.parse(`${text.slice(0, 19).replace(" ", "T")}Z`);

const groups = new Map<string, NabSeries[]>();
let readings = 0;
let cpu_us = 0;
for (const entry of await readdir(directory, { recursive: true })) {
  const windows = labels[entry.replaceAll("\\", "/")];
  if (windows === undefined) continue;
  const rows = (await readFile(join(directory, entry), "utf8")).trim().split(/\r?\n/).slice(1);
  const timestamps: number[] = [];
  const values: number[] = [];
  for (const row of rows) {
    const comma = row.indexOf(",");
    timestamps.push(time(row.slice(0, comma)));
    values.push(Number(row.slice(comma + 1)));
  }
  const state = initialAnomaly();
  const begun = process.cpuUsage();
  const scores = values.map((value, at) => stepAnomaly(state, timestamps[at]!, value).anomaly);
  const { user, system } = process.cpuUsage(begun);
  cpu_us += user + system;
  readings += values.length;
  const group = entry.split(/[\\/]/)[0]!;
  groups.set(group, [
    ...(groups.get(group) ?? []),
    {
      name: entry,
      timestamps,
      scores,
      windows: windows.map(([from, to]) => [time(from), time(to)]),
    },
  ]);
}
if (groups.size === 0) {
  process.stderr.write(`${directory} has none of the files that ${labels_path} names.\n`);
  process.exit(1);
}
const line = (name: string, corpus: NabSeries[]) => {
  const { score, threshold, detected, windows, false_positives } = nabScore(corpus);
  process.stdout.write(
    `${name.padEnd(24)} ${corpus.length.toString().padStart(3)} series  score ${score.toFixed(1).padStart(5)}  ` +
      `threshold ${threshold.toFixed(3)}  detected ${detected} of ${windows}  false ${false_positives}\n`,
  );
};
for (const [group, corpus] of groups) line(group, corpus);
line("all, one threshold", [...groups.values()].flat());
process.stdout.write(`${readings} readings, ${(cpu_us / readings).toFixed(2)} µs of CPU each\n`);

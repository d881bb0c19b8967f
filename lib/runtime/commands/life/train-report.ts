import type { ModelFile } from "../../../health/life/model-file.ts";
import type { HeldOut } from "../../../health/training/held-out.ts";
import type { LifeFigures } from "../../../health/training/metrics.ts";

/** `of_asset`: how many rows the asset has. */
export interface Reported extends HeldOut {
  of_asset: number;
}

export interface TrainReport {
  file: ModelFile;
  held_out: Reported[];
  /** Every step counts alike, and every asset. */
  figures: LifeFigures;
  one_an_asset: LifeFigures;
  /** First seen at later points of its life, and judged without knowing its age. */
  mid_life: LifeFigures;
  without: { key: string; rmse: number }[];
  with_all: number;
  rejected: number;
}

/** @param rows of held-out assets */
export function countOfAsset(rows: readonly HeldOut[]): Reported[] {
  const counts = new Map<string, number>();
  for (const { asset_id } of rows) counts.set(asset_id, (counts.get(asset_id) ?? 0) + 1);
  return rows.map((row) => ({ ...row, of_asset: counts.get(row.asset_id)! }));
}

/** Steps, or hours where steps have a length. */
export function inUnit({ parameters }: ModelFile, steps: number): string {
  const { unit, step_ms } = parameters;
  return unit === "hours" && step_ms !== null
    ? `${((steps * step_ms) / 3_600_000).toPrecision(3)} h`
    : `${steps.toFixed(1)} cycles`;
}

export const percent = (share: number | null) => (share === null ? "none" : `${(100 * share).toFixed(1)} %`);

/** The report as rows of name and value. */
export function reportRows(report: TrainReport): [string, string][] {
  const { file, figures, one_an_asset, mid_life } = report;
  const { summary, parameters } = file;
  return [
    ["model", `${file.name} (${file.sha256.slice(0, 12)})`],
    ["assets, readings", `${summary.assets}, ${file.provenance.readings}`],
    [
      "life counted in",
      parameters.step_ms === null
        ? "cycles, each time step one"
        : `hours, in steps of ${parameters.step_ms / 1_000} s`,
    ],
    ["operating regimes", String(summary.regimes)],
    ["RMSE, held-out assets", inUnit(file, figures.rmse)],
    ["mean absolute error", inUnit(file, figures.mae)],
    ["bias", inUnit(file, figures.bias)],
    ["NASA score an asset", (one_an_asset.nasa / summary.assets).toFixed(2)],
    ["80 % interval holds", percent(one_an_asset.coverage)],
    ["first seen in mid-life: RMSE", inUnit(file, mid_life.rmse)],
    ["first seen in mid-life: interval holds", percent(mid_life.coverage)],
    ["components, ridge", `${parameters.from_birth.components.length}, ${parameters.from_birth.lambda}`],
    ["coefficients", String(parameters.from_birth.coefficients.length)],
  ];
}

/** For a terminal. */
export function reportText(report: TrainReport): string {
  const rows = reportRows(report);
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  const most = Math.max(...report.without.map(({ rmse }) => rmse - report.with_all), 1e-9);
  lines.push("", "  What each sensor adds (error more, where it is missing and the others stand in for it):");
  for (const { key, rmse } of report.without) {
    const more = rmse - report.with_all;
    const bar = "█".repeat(Math.max(0, Math.round((20 * more) / most)));
    lines.push(
      `  ${key.padEnd(width)}  ${more >= 0 ? "+" : "−"}${inUnit(report.file, Math.abs(more))}  ${bar}`,
    );
  }
  if (report.rejected > 0) lines.push("", `  ${report.rejected} rows were no readings and were left out.`);
  return lines.join("\n");
}

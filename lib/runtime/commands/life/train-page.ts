import { inUnit, type Reported, reportRows, type TrainReport } from "./train-report.ts";

const POINTS_AT_MOST = 3_000;
const SIZE = 420;
const PAD = 42;

/** The report as one page that needs nothing else: inline SVG and CSS, light and dark. */
export function reportPage(report: TrainReport): string {
  const { file } = report;
  const rows = reportRows(report)
    .map(([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`)
    .join("");
  const figures = [
    figure(
      "Predicted against true remaining life",
      "Held-out assets; on the line is right.",
      scatter(report),
    ),
    figure(
      "Coverage of the 80 % interval as life goes on",
      "Share of true lives inside, by predicted life.",
      coverage(report),
    ),
    figure("What each sensor adds", "How much the error grows where the sensor is missing.", sensors(report)),
  ].join("");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Remaining life of ${escapeHtml(file.name)}</title>
<style>
:root{color-scheme:light dark;--ink:#1a2028;--soft:#5b6775;--line:#d4dae1;--bg:#fff;--mark:#0b66c3}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf3;--soft:#9aa7b5;--line:#333d48;--bg:#12171d;--mark:#5fb0ff}}
body{margin:2rem auto;max-width:64rem;padding:0 1rem;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--bg)}
h1{font-size:1.5rem}h2{font-size:1.05rem;margin:0}table{border-collapse:collapse}th,td{text-align:left;padding:.25rem 1rem .25rem 0;border-bottom:1px solid var(--line);font-weight:400}
th{color:var(--soft)}td{font-variant-numeric:tabular-nums}figure{margin:2rem 0;display:inline-block;vertical-align:top;width:min(100%,30rem)}
figcaption p{margin:0;color:var(--soft)}svg{width:100%;height:auto}svg text{fill:var(--soft);font:11px system-ui,sans-serif}
.axis{stroke:var(--line)}.ideal{stroke:var(--soft);stroke-dasharray:4 4}.dot{fill:var(--mark);fill-opacity:.28}.bar{fill:var(--mark)}.goal{stroke:var(--soft);stroke-dasharray:4 4}
</style></head><body>
<h1>Remaining life of ${escapeHtml(file.name)}</h1>
<p>All figures are of assets that the model had not seen: cross-validation by asset in ${file.provenance.folds} folds. Remaining life is told up to ${escapeHtml(inUnit(file, file.parameters.cap))}.</p>
<table><tbody>${rows}</tbody></table>${figures}
<p>Source ${escapeHtml(file.provenance.source)}, SHA-256 <code>${escapeHtml(file.provenance.source_sha256)}</code>.<br>Made with <code>${escapeHtml(file.provenance.command)}</code>.</p>
</body></html>
`;
}

function figure(title: string, explanation: string, svg: string): string {
  return `<figure><figcaption><h2>${escapeHtml(title)}</h2><p>${escapeHtml(explanation)}</p></figcaption>${svg}</figure>`;
}

function scatter({ held_out, file }: TrainReport): string {
  const { cap } = file.parameters;
  const at = (value: number) => (value / cap) * (SIZE - 2 * PAD);
  const every = Math.max(1, Math.ceil(held_out.length / POINTS_AT_MOST));
  const dots = held_out
    .filter((_, i) => i % every === 0)
    .map(
      ({ actual, predicted }) =>
        `<circle class="dot" r="2" cx="${(PAD + at(actual)).toFixed(1)}" cy="${(SIZE - PAD - at(predicted)).toFixed(1)}"/>`,
    )
    .join("");
  return frame(
    `<line class="ideal" x1="${PAD}" y1="${SIZE - PAD}" x2="${SIZE - PAD}" y2="${PAD}"/>${dots}`,
    "true life",
    "predicted life",
    inUnit(file, cap),
    "Predicted against true remaining life",
  );
}

const BINS = 10;

function coverage({ held_out, file }: TrainReport): string {
  const { cap } = file.parameters;
  const bins = Array.from({ length: BINS }, (): Reported[] => []);
  for (const row of held_out) bins[Math.min(BINS - 1, Math.floor((row.predicted / cap) * BINS))]!.push(row);
  const width = (SIZE - 2 * PAD) / BINS;
  const height = SIZE - 2 * PAD;
  const bars = bins
    .map((rows, bin) => {
      let inside = 0;
      let all = 0;
      for (const { actual, low, high, of_asset } of rows) {
        all += 1 / of_asset;
        if (actual >= low && actual <= high) inside += 1 / of_asset;
      }
      const share = all === 0 ? 0 : inside / all;
      return `<rect class="bar" x="${(PAD + bin * width + 2).toFixed(1)}" width="${(width - 4).toFixed(1)}" y="${(SIZE - PAD - share * height).toFixed(1)}" height="${(share * height).toFixed(1)}"><title>${(100 * share).toFixed(0)} %</title></rect>`;
    })
    .join("");
  const goal = SIZE - PAD - 0.8 * height;
  return frame(
    `${bars}<line class="goal" x1="${PAD}" x2="${SIZE - PAD}" y1="${goal}" y2="${goal}"/><text x="${SIZE - PAD + 4}" y="${goal + 4}">80 %</text>`,
    "predicted life",
    "inside",
    inUnit(file, cap),
    "Coverage of the interval by predicted life",
  );
}

function sensors({ without, with_all, file }: TrainReport): string {
  const row = 18;
  const most = Math.max(...without.map(({ rmse }) => rmse - with_all), 1e-9);
  const bars = without
    .map(({ key, rmse }, i) => {
      const more = Math.max(0, rmse - with_all);
      const length = ((SIZE - 200) * more) / most;
      return `<text x="0" y="${i * row + 13}">${escapeHtml(key)}</text><rect class="bar" x="90" y="${i * row + 3}" height="12" width="${length.toFixed(1)}"/><text x="${(96 + length).toFixed(1)}" y="${i * row + 13}">+${escapeHtml(inUnit(file, more))}</text>`;
    })
    .join("");
  return `<svg viewBox="0 0 ${SIZE} ${without.length * row + 6}" role="img" aria-label="What each sensor adds">${bars}</svg>`;
}

function frame(content: string, x: string, y: string, most: string, label: string): string {
  const end = SIZE - PAD;
  return `<svg viewBox="0 0 ${SIZE + 30} ${SIZE}" role="img" aria-label="${label}"><line class="axis" x1="${PAD}" y1="${end}" x2="${end}" y2="${end}"/><line class="axis" x1="${PAD}" y1="${PAD}" x2="${PAD}" y2="${end}"/>${content}<text x="${PAD}" y="${end + 16}">0</text><text x="${end}" y="${end + 16}" text-anchor="end">${escapeHtml(most)}</text><text x="${SIZE / 2}" y="${end + 30}" text-anchor="middle">${x}</text><text x="${PAD}" y="${PAD - 8}">${y}</text></svg>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/**
 * The score of the Numenta Anomaly Benchmark, written from its definition: A. Lavin, S. Ahmad, "Evaluating Real-time
 * Anomaly Detection Algorithms – the Numenta Anomaly Benchmark", ICMLA 2015, section II; profile "standard": weights of
 * true positives and false negatives 1, of false positives 0.11.
 */
const FALSE_POSITIVE = 0.11;
/** The first 15 % of a series (of 5,000 rows at most) are for learning and not scored. */
const PROBATION = 0.15;
const PROBATION_ROWS = 5_000;

export interface NabSeries {
  name: string;
  timestamps: number[];
  scores: number[];
  /** First and last time of each labelled window, inclusive, in order. */
  windows: [number, number][];
}

export interface NabResult {
  /** 0: nothing detected; 100: every window at its first row, and nothing else. */
  score: number;
  threshold: number;
  detected: number;
  windows: number;
  false_positives: number;
}

/** Position relative to a window's right edge (−1 its left edge) → weight: 1 early, 0 at the edge, −1 long after. */
export function scaledSigmoid(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

export function probationRows(rows: number): number {
  return Math.floor(PROBATION * Math.min(rows, PROBATION_ROWS));
}

/** One row that counts: its score, its window (−1 outside), and what it brings. */
interface Row {
  score: number;
  window: number;
  gain: number;
}

/** The score of a whole corpus at the one threshold that is best for it. */
export function nabScore(corpus: NabSeries[]): NabResult {
  const rows: Row[] = [];
  let windows = 0;
  for (const { timestamps, scores, windows: own } of corpus) {
    const edges = own.map(([from, to]) => [
      timestamps.findIndex((time) => time >= from),
      timestamps.findLastIndex((time) => time <= to),
    ]) as [number, number][];
    for (let at = probationRows(timestamps.length); at < timestamps.length; at++) {
      const inside = edges.findIndex(([from, to]) => at >= from && at <= to);
      if (inside >= 0) {
        const [from, to] = edges[inside]!;
        rows.push({
          score: scores[at]!,
          window: windows + inside,
          gain: scaledSigmoid(-(to - at) / Math.max(1, to - from)),
        });
        continue;
      }
      const before = edges.findLast(([, to]) => to < at);
      const gain =
        before === undefined ? -1 : scaledSigmoid((at - before[1]) / Math.max(1, before[1] - before[0]));
      rows.push({ score: scores[at]!, window: -1, gain: FALSE_POSITIVE * gain });
    }
    windows += own.length;
  }
  rows.sort((a, b) => b.score - a.score);
  const best_of = new Map<number, number>();
  let raw = -windows;
  let false_positives = 0;
  let best: NabResult = {
    score: 0,
    threshold: Number.POSITIVE_INFINITY,
    detected: 0,
    windows,
    false_positives: 0,
  };
  for (let at = 0; at < rows.length; at++) {
    const { score, window, gain } = rows[at]!;
    if (window < 0) {
      raw += gain;
      false_positives++;
    } else {
      const known = best_of.get(window);
      if (known === undefined || gain > known) {
        raw += gain - (known ?? -1);
        best_of.set(window, gain);
      }
    }
    if (rows[at + 1]?.score === score) continue;
    const normal = windows === 0 ? 0 : (100 * (raw + windows)) / (2 * windows);
    if (normal > best.score)
      best = { score: normal, threshold: score, detected: best_of.size, windows, false_positives };
  }
  return best;
}

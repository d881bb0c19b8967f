import type { Severity } from "../../../lib/domain/alert.ts";
import { expectedInterval, findGaps } from "../chart/gaps.ts";
import type { LanePoint } from "../chart/series.ts";

const WIDTH = 40;
const HEIGHT = 16;
/** Under so many points a line would say nothing. */
const LEAST = 5;

const COLOURS = { critical: "var(--critical)", warning: "var(--warning-line)", info: "var(--info)" };

/** A small line of what a chart shows, no axis, broken where something is missing. */
export function SparkPath({
  points,
  min,
  max,
  severity,
}: {
  points: readonly LanePoint[];
  min: number;
  max: number;
  /** Of the limit that the newest value is past. */
  severity?: Severity | undefined;
}) {
  const first = points[0];
  const last = points.at(-1);
  if (points.length < LEAST || !first || !last)
    return <span className="text-11 text-faint">{points.length} pts</span>;
  const breaks = new Set(findGaps(points, expectedInterval(points)).map(({ to }) => to));
  const x = (at: number) => (2 + ((at - first.x) / (last.x - first.x || 1)) * (WIDTH - 5)).toFixed(1);
  const y = (value: number) => (2 + (1 - (value - min) / (max - min || 1)) * (HEIGHT - 4)).toFixed(1);
  const path = points
    .map((point, i) => `${i === 0 || breaks.has(point.x) ? "M" : "L"}${x(point.x)} ${y(point.y)}`)
    .join("");
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden="true" className="block">
      <path d={path} fill="none" stroke="var(--trace)" strokeWidth="1.25" strokeLinejoin="round" />
      <circle cx={x(last.x)} cy={y(last.y)} r="2" fill={severity ? COLOURS[severity] : "var(--trace)"} />
    </svg>
  );
}

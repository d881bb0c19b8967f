import type { Risk } from "../ui/risk.tsx";

const RADIUS = 38;
const SWEEP = 300;
const BANDS: readonly [number, number][] = [
  [0, 25],
  [25, 50],
  [50, 70],
  [70, 100],
];

/** A point of the ring: 0 lies lower left, 100 lower right. */
function at(score: number, radius = RADIUS): string {
  const angle = ((120 + (score / 100) * SWEEP) * Math.PI) / 180;
  return `${(42 + radius * Math.cos(angle)).toFixed(2)} ${(42 + radius * Math.sin(angle)).toFixed(2)}`;
}

function arc(from: number, to: number): string {
  return `M${at(from)}A${RADIUS} ${RADIUS} 0 ${((to - from) / 100) * SWEEP > 180 ? 1 : 0} 1 ${at(to)}`;
}

const COLOURS: Record<Risk, string> = {
  critical: "var(--band-critical)",
  high: "var(--band-high)",
  medium: "var(--band-medium)",
  low: "var(--band-low)",
  unknown: "var(--stale)",
};

/** The score as an arc over its four bands, the number inside; dashed where nothing is known. One a page. */
export function HealthRing({ score, risk }: { score: number | null; risk: Risk }) {
  return (
    <div className="relative size-21 flex-none">
      <svg viewBox="0 0 84 84" className="size-full" aria-hidden="true" fill="none" strokeWidth="6">
        {BANDS.map(([from, to]) => (
          <path
            key={from}
            d={arc(from + 0.7, to - 0.7)}
            stroke={score === null ? "var(--stale)" : "var(--grid)"}
            strokeDasharray={score === null ? "3 3" : undefined}
          />
        ))}
        {score !== null &&
          BANDS.filter(([from]) => score > from).map(([from, to]) => (
            <path
              key={from}
              d={arc(from + 0.7, Math.max(from + 0.8, Math.min(to - 0.7, score)))}
              stroke={COLOURS[risk]}
            />
          ))}
      </svg>
      <div className="absolute inset-0 grid place-content-center text-center">
        <span className="text-24 font-semibold">{score === null ? "–" : Math.round(score)}</span>
        <span className="text-10 text-muted">{score === null ? "no data" : "of 100"}</span>
      </div>
    </div>
  );
}

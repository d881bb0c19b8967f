import { type Run, simulatedRuns } from "./runs.ts";

const WIDTH = 960;
const HEIGHT = 680;

const path = (run: Run) =>
  run
    .map(
      ([left, health], i) =>
        `${i === 0 ? "M" : "L"}${(WIDTH * (1 - left / 300)).toFixed(1)} ${(HEIGHT * (1 - health / 100)).toFixed(1)}`,
    )
    .join("");

/** What the product is for, beside the form: many machines that ran to their failure, and one that still runs. */
export function RunsPicture() {
  const runs = simulatedRuns(80);
  const current = runs[3]!.filter(([left]) => left > 26);
  const [left, health] = current.at(-1) ?? [26, 40];
  return (
    <figure className="flex h-full flex-col px-14 pt-12 pb-10 text-12 text-muted">
      <figcaption className="flex justify-between gap-4">
        <span>Health of 80 simulated machines, each from 300 cycles before failure to failure</span>
        <span className="text-faint">one of them is still running</span>
      </figcaption>
      <div className="relative my-6 min-h-0 flex-1">
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="absolute inset-0 size-full overflow-visible"
          aria-hidden="true"
        >
          <g fill="none" stroke="var(--trace)" strokeOpacity="0.2" vectorEffect="non-scaling-stroke">
            {runs.map((run) => (
              <path key={path(run)} d={path(run)} vectorEffect="non-scaling-stroke" />
            ))}
          </g>
          <path
            d={path(current)}
            fill="none"
            stroke="var(--text)"
            strokeWidth="2"
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        </svg>
        <svg className="absolute inset-0 size-full overflow-visible" aria-hidden="true">
          <circle cx={`${100 * (1 - left / 300)}%`} cy={`${100 - health}%`} r="5" fill="var(--critical)" />
          <text
            x={`${100 * (1 - left / 300) - 1.2}%`}
            y={`${100 - health + 1.5}%`}
            textAnchor="end"
            className="fill-text text-13 font-semibold"
          >
            now {Math.round(health)}, and falling
          </text>
        </svg>
      </div>
      <div className="flex justify-between border-t border-line-strong pt-2 text-11 text-faint">
        <span>300 cycles left</span>
        <span>200</span>
        <span>100</span>
        <span>failure</span>
      </div>
    </figure>
  );
}

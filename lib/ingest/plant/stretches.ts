import type { Quality } from "../../domain/quality.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Random } from "./random.ts";

/** A time during which one sensor's readings are doubtful, frozen, or missing. `to` is exclusive. */
export interface Stretch {
  kind: Exclude<Quality, "good"> | "missing";
  from: EpochMs;
  to: EpochMs;
}

/** Mean time between stretches of one sensor, and how long one lasts, as shares of an hour and of a file. */
const MEAN_GAP_MS = 2 * 3_600_000;
const LONGEST_MS = 60_000;
const SHORTEST_MS = 10_000;

/**
 * The stretches of one sensor one after another, as time goes on; gaps between them are exponential.
 * Ask with times that never fall.
 */
export function createStretches(
  random: Random,
  start: EpochMs,
  onStretch: (stretch: Stretch) => void = () => {},
): (at: EpochMs) => Stretch | undefined {
  const KINDS = ["uncertain", "bad", "missing"] as const;
  const next = (after: EpochMs): Stretch => {
    const from = Math.round(after - MEAN_GAP_MS * Math.log(1 - random.uniform()));
    const to = Math.round(from + random.between(SHORTEST_MS, LONGEST_MS));
    return { kind: KINDS[Math.floor(random.uniform() * KINDS.length)]!, from, to };
  };
  let stretch = next(start);
  let told = false;
  return (at) => {
    while (at >= stretch.to) {
      stretch = next(stretch.to);
      told = false;
    }
    if (at < stretch.from) return undefined;
    if (!told) {
      told = true;
      onStretch(stretch);
    }
    return stretch;
  };
}

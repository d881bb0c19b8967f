import type { TrainingRun } from "../../../health/training/training-run.ts";

/** A life is worth about so many steps, as the spans of the averages are made for. */
const STEPS_OF_A_LIFE = 200;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const NICE = [1, 2, 5, 10, 15, 30].flatMap((n) => [n * SECOND, n * MINUTE]);
const LONGER = [1, 2, 3, 6, 12, 24, 48, 96, 168].map((n) => n * HOUR);
const LENGTHS = [...NICE, ...LONGER].sort((a, b) => a - b);

/** Length of a time step in ms for assets whose life is counted in hours: a 200th of the median life, a round number. */
export function timeStepOf(runs: readonly TrainingRun[]): number {
  const lives = runs.map(({ frames, failed_at }) => failed_at - frames[0]!.timestamp).sort((a, b) => a - b);
  const wanted = lives[Math.floor(lives.length / 2)]! / STEPS_OF_A_LIFE;
  return LENGTHS.findLast((length) => length <= wanted) ?? LENGTHS[0]!;
}

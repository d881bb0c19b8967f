import type { Clock } from "../../ports/system.ts";

const WINDOW_MS = 2_000;

/** @returns a function of the count so far that gives its rate a second over about the last two seconds */
export function createRateMeter(clock: Clock): (count: number) => number {
  const seen: { at: number; count: number }[] = [{ at: clock.now(), count: 0 }];
  return (count) => {
    const now = clock.now();
    const last = seen[seen.length - 1]!;
    // Twenty marks a window are exact enough and keep the list short at any rate of calls.
    if (now - last.at >= WINDOW_MS / 20) seen.push({ at: now, count });
    while (seen.length > 2 && now - seen[1]!.at > WINDOW_MS) seen.shift();
    const first = seen[0]!;
    return now > first.at ? Math.round(((count - first.count) * 1_000) / (now - first.at)) : 0;
  };
}

/** Asks until the answer is true. @throws Error naming what was waited for, after `within_ms` */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  within_ms: number,
): Promise<number> {
  const begun = performance.now();
  for (;;) {
    if (await condition()) return performance.now() - begun;
    if (performance.now() - begun > within_ms)
      throw new Error(`Not within ${Math.round(within_ms / 1_000)} s: ${what}.`);
    await pause(50);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Health of one machine from 300 cycles before its failure to its failure, `[cycles left, health]`. */
export type Run = [number, number][];

/** A small generator of numbers in [0, 1): the same picture on every start (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Simulated runs to failure: a sound life, then wear that grows exponentially, with noise. */
export function simulatedRuns(count: number, seed = 7): Run[] {
  const random = generator(seed);
  return Array.from({ length: count }, () => {
    const life = 130 + random() * 170;
    const pace = 34 + random() * 38;
    const noise = 1.2 + random() * 3.2;
    const start = random() * 6;
    const run: Run = [];
    let wander = 0;
    for (let left = Math.round(life); left >= 0; left -= 6) {
      wander = wander * 0.6 + (random() - 0.5) * noise * 2;
      const wear = 100 * Math.exp(-left / pace);
      run.push([left, Math.max(0, Math.min(100, 100 - start * (1 - left / 300) - wear + wander))]);
    }
    return run;
  });
}

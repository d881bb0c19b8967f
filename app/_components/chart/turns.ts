/** Draws at once; tells whether there was anything to draw. */
export type TurnDrawer = (now: number) => boolean;

/** A longer time between two frames means that one was missed at 60 a second. */
const SMOOTH_MS = 20;
/** On the slowest machine one drawing in so many frames. */
const LEAST_SHARE = 1 / 8;
/** How fast drawings come back after a smooth frame, and by what they shrink after a missed one. */
const MORE = 0.1;
const LESS = 0.6;

/**
 * Shares out frames among drawings too dear to be all done in each: as many a frame as the machine keeps up with,
 * found by additive increase and multiplicative decrease from the time between frames (Chiu & Jain 1989), and by
 * turns, so that none waits longer than the others.
 */
export class Turns {
  private readonly waiting: TurnDrawer[] = [];
  private share = 4;
  private credit = 0;
  private last: number | undefined;
  private drew = false;

  add(drawer: TurnDrawer): () => void {
    this.waiting.push(drawer);
    return () => {
      const at = this.waiting.indexOf(drawer);
      if (at >= 0) this.waiting.splice(at, 1);
    };
  }

  get size(): number {
    return this.waiting.length;
  }

  /** @param now time of this frame in ms */
  frame(now: number): void {
    const count = this.waiting.length;
    if (this.last !== undefined && this.drew) {
      const smooth = now - this.last <= SMOOTH_MS;
      this.share = smooth
        ? Math.min(Math.max(1, count), this.share + MORE)
        : Math.max(LEAST_SHARE, this.share * LESS);
    }
    this.last = now;
    this.drew = false;
    this.credit = Math.min(this.credit + this.share, Math.max(1, this.share));
    for (let asked = 0; asked < count && this.credit >= 1; asked++) {
      const drawer = this.waiting.shift()!;
      this.waiting.push(drawer);
      if (!drawer(now)) continue;
      this.drew = true;
      this.credit--;
    }
  }
}

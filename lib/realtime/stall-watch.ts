/** How many times in a row a source that is ahead may stand still before it counts as stalled. */
const STILL = 3;

/**
 * Watches whether a source still brings what it has: it is stalled where it does not answer in time, or is ahead of
 * this instance and brings nothing from one look to the next.
 */
export class StallWatch {
  stalled = false;
  private still = 0;
  private last = "";

  constructor(
    private readonly source: {
      /** What the source has and this instance has not. */
      behind(): Promise<number>;
      /** Changes with whatever comes. */
      position(): string;
    },
    private readonly answer_within_ms: number,
  ) {}

  /** @returns whether it has changed */
  async look(): Promise<boolean> {
    const before = this.stalled;
    const behind = await this.ask();
    const position = this.source.position();
    this.still = behind === undefined || (behind > 0 && position === this.last) ? this.still + 1 : 0;
    this.last = position;
    this.stalled = behind === undefined || this.still >= STILL;
    return this.stalled !== before;
  }

  /** `undefined` where there is no answer. */
  private async ask(): Promise<number | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.answer_within_ms);
    });
    try {
      return await Promise.race([this.source.behind(), late]);
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}

import { ForesightError } from "../../domain/errors.ts";

interface Waiting<Item, Result> {
  item: Item;
  weight: number;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers what arrives while a commit is running and commits it together next, so that an fsync is shared by all
 * who wait for one. An item resolves when its group is durable.
 */
export class GroupCommit<Item, Result> {
  private queue: Waiting<Item, Result>[] = [];
  private weight = 0;
  private running: Promise<void> | undefined;
  private closed = false;

  /** @param limits weights: of what may wait at all, and of one group; the unit is the caller's */
  constructor(
    private readonly commit: (items: Item[]) => Promise<Result[]>,
    private readonly limits: { waiting: number; group: number },
  ) {}

  /** Whether so much more may wait. @throws ForesightError `unavailable` where not, `shutting_down` after `close` */
  admit(weight: number): void {
    if (this.closed)
      throw new ForesightError("shutting_down", "The server is shutting down.", { retry_after_s: 2 });
    if (this.weight > 0 && this.weight + weight > this.limits.waiting)
      throw new ForesightError(
        "unavailable",
        "More readings are coming in than the disk takes; send them again later.",
        { retry_after_s: 1 },
      );
  }

  /** @throws ForesightError as `admit`, or what the commit of its group throws */
  async add(item: Item, weight: number): Promise<Result> {
    this.admit(weight);
    this.weight += weight;
    const result = new Promise<Result>((resolve, reject) =>
      this.queue.push({ item, weight, resolve, reject }),
    );
    this.running ??= this.run();
    return result;
  }

  private async run(): Promise<void> {
    // Whatever arrives in the same turn belongs to the first group.
    await null;
    while (this.queue.length > 0) {
      const group = this.nextGroup();
      try {
        const results = await this.commit(group.map(({ item }) => item));
        for (let i = 0; i < group.length; i++) group[i]!.resolve(results[i]!);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
      for (const { weight } of group) this.weight -= weight;
    }
    this.running = undefined;
  }

  private nextGroup(): Waiting<Item, Result>[] {
    let weight = 0;
    let n = 0;
    while (n < this.queue.length && (n === 0 || weight + this.queue[n]!.weight <= this.limits.group))
      weight += this.queue[n++]!.weight;
    return this.queue.splice(0, n);
  }

  /** Refuses what comes from now on and resolves when what is waiting is committed or has failed. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }
}

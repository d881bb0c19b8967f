import type { SequenceChecker } from "../../../lib/testing/sequence-checker.ts";
import type { Series } from "./series.ts";
import { pause } from "./wait.ts";

export interface LoadOptions {
  checker: SequenceChecker;
  series: Series;
  /** Where it may post; the next is tried where one does not take it. */
  urls(): string[];
  token: string;
  /** Readings a second over all assets. */
  rate: number;
}

/** How the product refused while a fault lasted. */
export interface Refusals {
  unavailable: number;
  /** Of those, answered with Retry-After. */
  with_retry_after: number;
  /** 507: the disk is full. */
  full: number;
  unreachable: number;
  other: number;
}

/**
 * A producer as it should be: numbered readings over HTTP, one batch after the other, each repeated with its
 * Idempotency-Key until it is acknowledged.
 */
export class Load {
  readonly refusals: Refusals = { unavailable: 0, with_retry_after: 0, full: 0, unreachable: 0, other: 0 };
  rate: number;
  private stopping = false;
  private held = false;
  private running: Promise<void> | undefined;
  private turn = 0;
  private batch = 0;

  constructor(private readonly options: LoadOptions) {
    this.rate = options.rate;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Ends after the batch under way is acknowledged. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  /** Ends without waiting for the batch under way. */
  abandon(): void {
    this.stopping = true;
    this.held = true;
  }

  private async run(): Promise<void> {
    const every_ms = 100;
    let due = performance.now();
    let owed = 0;
    while (!this.stopping) {
      owed += (this.rate * every_ms) / 1_000;
      const count = Math.floor(owed);
      owed -= count;
      if (count > 0) await this.send(count);
      due = Math.max(due + every_ms, performance.now() - 1_000);
      await pause(Math.max(0, due - performance.now()));
    }
  }

  private async send(count: number): Promise<void> {
    const { checker, series } = this.options;
    const numbers = Array.from({ length: count }, () => {
      const asset = series.assets[this.turn++ % series.assets.length]!;
      return { asset, n: checker.produce(asset) };
    });
    const body = JSON.stringify(numbers.map(({ asset, n }) => series.reading(asset, n)));
    const key = `load-${this.batch++}`;
    for (let attempt = 0; !this.held; attempt++) {
      const taken = await this.post(body, key, attempt);
      if (taken) {
        for (const { asset, n } of numbers) checker.acknowledge(asset, n);
        return;
      }
      // It may be in the log all the same, and will be there again.
      for (const { asset, n } of numbers) checker.appendedAgain(asset, n);
      await pause(100);
    }
  }

  private async post(body: string, key: string, attempt: number): Promise<boolean> {
    const urls = this.options.urls();
    const url = urls[attempt % urls.length];
    if (url === undefined) return false;
    try {
      const response = await fetch(`${url}/api/ingest`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${this.options.token}`,
          "content-type": "application/json",
          "idempotency-key": key,
        },
        body,
        signal: AbortSignal.timeout(20_000),
      });
      if (response.status === 202) {
        const { rejected } = (await response.json()) as { rejected: number };
        if (rejected > 0) throw new Error(`${rejected} readings of the load were rejected.`);
        return true;
      }
      await response.arrayBuffer();
      if (response.status === 503) {
        this.refusals.unavailable++;
        if (response.headers.has("retry-after")) this.refusals.with_retry_after++;
      } else if (response.status === 507) this.refusals.full++;
      else this.refusals.other++;
    } catch {
      this.refusals.unreachable++;
    }
    return false;
  }
}

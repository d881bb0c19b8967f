import { isForesightError } from "../../domain/errors.ts";
import type { LogPosition } from "../../domain/log-position.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { LogBatch, StartAt, Subscription, Topic } from "../../ports/event-log.ts";
import type { Logger } from "../../ports/system.ts";
import type { ReadResult } from "./log-decode.ts";
import { type Extent, PARTITION, positionAt } from "./log-position.ts";

/** Something has been added: whoever waits looks again. Nothing is missed between looking and waiting. */
export class Signal {
  private version = 0;
  private waiting: (() => void)[] = [];

  now(): number {
    return this.version;
  }

  notify(): void {
    this.version++;
    for (const wake of this.waiting.splice(0)) wake();
  }

  /** Resolves when `notify` has been called since `seen` was taken. */
  async after(seen: number): Promise<void> {
    while (this.version === seen) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}

/** A topic as a subscription sees it, wherever it is kept. */
export interface TopicSource<T extends Topic> {
  extent(): Promise<Extent>;
  since(at: EpochMs): Promise<LogPosition>;
  read(from: LogPosition, max_values: number): ReadResult<T> | Promise<ReadResult<T>>;
  signal: Signal;
}

/** Values handed over in one call. */
const STEP = 10_000;
const RETRY_MS = { first: 100, most: 5_000 };

/** @throws ForesightError `invalid_request` where the position is not in this log */
async function resolveStart<T extends Topic>(source: TopicSource<T>, start: StartAt): Promise<LogPosition> {
  if (typeof start === "object" && "since" in start) return source.since(start.since);
  if (typeof start === "object") {
    await source.read(start.at, 1);
    return start.at;
  }
  const { log_id, earliest, head } = await source.extent();
  return positionAt(log_id, start === "head" ? head : earliest);
}

/**
 * Pulls from the source at its own pace and hands over in order, one call at a time. A failing handler gets the
 * same records again after a pause, a failing source is asked again. Batches may be shared with other readers.
 */
export async function subscribeTo<T extends Topic>(
  source: TopicSource<T>,
  topic: T,
  start: StartAt,
  handler: (batches: LogBatch<T>[], position: LogPosition) => void | Promise<void>,
  logger: Logger,
): Promise<Subscription> {
  let position = await resolveStart(source, start);
  let stopped = false;
  let wake: (() => void) | undefined;

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Repeats `work` until it succeeds; `undefined` where the subscription ends first. */
  async function persist<R>(what: string, work: () => R | Promise<R>): Promise<{ result: R } | undefined> {
    for (let wait = RETRY_MS.first; !stopped; wait = Math.min(wait * 2, RETRY_MS.most)) {
      try {
        return { result: await work() };
      } catch (error) {
        if (stopped) return undefined;
        logger.warn(
          { topic, error: error instanceof Error ? error.message : String(error) },
          `${what} failed`,
        );
        await pause(wait);
      }
    }
    return undefined;
  }

  async function readOn(): Promise<ReadResult<T>> {
    try {
      return await source.read(position, STEP);
    } catch (error) {
      if (!isForesightError(error) || error.code !== "invalid_request") throw error;
      // Retention has overtaken this reader: what is gone can't be waited for.
      const { log_id, earliest } = await source.extent();
      const offset = position.next[PARTITION] ?? 0;
      if (log_id !== position.log_id || offset >= earliest) throw error;
      logger.error({ topic, offset, earliest }, "records were removed before they were read");
      position = positionAt(log_id, earliest);
      return source.read(position, STEP);
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      const seen = source.signal.now();
      const read = await persist("reading the log", readOn);
      if (read === undefined || stopped) return;
      const { batches, position: next } = read.result;
      if (batches.length === 0) {
        position = next;
        await source.signal.after(seen);
      } else if (await persist("a handler of the log", () => handler(batches, next))) {
        position = next;
        // A source and a handler that never wait would otherwise keep a thread from everything else it has to do.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
  const running = run();
  return {
    position: () => position,
    async stop() {
      stopped = true;
      wake?.();
      source.signal.notify();
      await running;
    },
  };
}

/** The subscriptions of one log, to be ended with it. */
export class Subscriptions {
  private readonly running = new Set<Subscription>();

  add({ position, stop }: Subscription): Subscription {
    const tracked: Subscription = {
      position,
      stop: () => {
        this.running.delete(tracked);
        return stop();
      },
    };
    this.running.add(tracked);
    return tracked;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running].map((subscription) => subscription.stop()));
  }
}

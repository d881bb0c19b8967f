import type { LogPosition } from "../domain/log-position.ts";
import type { EventLog, LogBatch, StartAt, Subscription, Topic, TopicValues } from "../ports/event-log.ts";

/** A subscriber that keeps what it is given and checks that nothing is out of order, missing or doubled. */
export interface Collector<T extends Topic> {
  batches: LogBatch<T>[];
  values(): TopicValues[T][];
  position(): LogPosition;
  /** Resolves when at least `count` values are there. */
  until(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** @returns the first offset of `next` that does not follow what is there, as a sentence; undefined where all do */
export function gapIn<T extends Topic>(
  expected: Map<number, number>,
  batches: LogBatch<T>[],
): string | undefined {
  for (const { partition, first_offset, values } of batches) {
    const due = expected.get(partition);
    if (due !== undefined && due !== first_offset)
      return `partition ${partition} goes on at ${first_offset} instead of ${due}`;
    expected.set(partition, first_offset + values.length);
  }
  return undefined;
}

export async function collect<T extends Topic>(
  log: Pick<EventLog, "subscribe">,
  topic: T,
  start: StartAt,
  onBatches: (batches: LogBatch<T>[]) => void | Promise<void> = () => undefined,
  /** Offsets may be missing: of records that cannot be read, or are not for reading. */
  { gaps = false }: { gaps?: boolean } = {},
): Promise<Collector<T>> {
  const batches: LogBatch<T>[] = [];
  const due = new Map<number, number>();
  let count = 0;
  let broken: Error | undefined;
  let waiting: { count: number; resolve: () => void; reject: (error: Error) => void }[] = [];
  const settle = () => {
    waiting = waiting.filter((waiter) => {
      if (broken !== undefined) waiter.reject(broken);
      else if (count >= waiter.count) waiter.resolve();
      else return true;
      return false;
    });
  };
  let running = false;
  const subscription: Subscription = await log.subscribe(topic, start, async (given) => {
    if (running) broken = new Error("The handler was called while it was running.");
    running = true;
    try {
      await onBatches(given);
      const gap = gaps ? undefined : gapIn(due, given);
      if (gap !== undefined) broken = new Error(gap);
      batches.push(...given);
      count += given.reduce((sum, { values }) => sum + values.length, 0);
    } finally {
      running = false;
      settle();
    }
  });
  return {
    batches,
    values: () => batches.flatMap(({ values }) => values),
    position: () => subscription.position(),
    until: (wanted) =>
      new Promise((resolve, reject) => {
        waiting.push({ count: wanted, resolve, reject });
        settle();
      }),
    stop: () => subscription.stop(),
  };
}

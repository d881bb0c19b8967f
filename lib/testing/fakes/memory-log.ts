import { ForesightError } from "../../domain/errors.ts";
import type { HealthScore } from "../../domain/health.ts";
import type { LogPosition } from "../../domain/log-position.ts";
import type { Reading } from "../../domain/reading.ts";
import type {
  AppendResult,
  EventLog,
  LogBatch,
  StartAt,
  Subscription,
  Topic,
  TopicValues,
} from "../../ports/event-log.ts";
import type { Clock } from "../../ports/system.ts";

interface Record<T extends Topic> {
  tenant_id: string;
  received_at: number;
  value: TopicValues[T];
}

class MemoryTopic<T extends Topic> {
  records: Record<T>[] = [];
  earliest = 0;
  private readonly waiting = new Set<() => void>();

  constructor(readonly log_id: string) {}

  at(offset: number): LogPosition {
    return { log_id: this.log_id, next: { 0: offset } };
  }

  add(tenant_id: string, received_at: number, values: TopicValues[T][]): void {
    for (const value of values) this.records.push({ tenant_id, received_at, value });
    this.wake();
  }

  wake(): void {
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }

  changed(): Promise<void> {
    return new Promise((resolve) => this.waiting.add(resolve));
  }

  /** @throws ForesightError `invalid_request` as the port says */
  read(from: LogPosition, max_values: number): { batches: LogBatch<T>[]; position: LogPosition } {
    const start = from.next[0] ?? 0;
    if (from.log_id !== this.log_id || start > this.records.length || start < this.earliest)
      throw new ForesightError("invalid_request", "The position is not in this log.");
    const end = Math.min(this.records.length, start + max_values);
    const batches: LogBatch<T>[] = [];
    for (let offset = start; offset < end; offset++) {
      const { tenant_id, received_at, value } = this.records[offset]!;
      const last = batches.at(-1);
      if (last?.tenant_id === tenant_id && last.received_at === received_at) last.values.push(value);
      else batches.push({ partition: 0, first_offset: offset, tenant_id, received_at, values: [value] });
    }
    return { batches, position: this.at(end) };
  }
}

/** An event log of one partition that is gone with the process; its records outlive whoever reads them. */
export interface MemoryLog extends EventLog {
  appendHealth(tenant_id: string, scores: HealthScore[]): void;
  /** Removes the records of readings before an offset. */
  removeBefore(offset: number): void;
  /** Readings of a tenant in order. */
  readings(tenant_id: string): Reading[];
  /** While held, subscribers get nothing. */
  hold(held: boolean): void;
}

export function createMemoryLog(clock: Clock, log_id = "memory"): MemoryLog {
  const topics = {
    sensor_readings: new MemoryTopic<"sensor_readings">(log_id),
    health_scores: new MemoryTopic<"health_scores">(log_id),
  };
  const topicOf = <T extends Topic>(topic: T) => topics[topic] as unknown as MemoryTopic<T>;
  let held = false;

  return {
    start: async () => undefined,
    stop: async () => undefined,
    async append(tenant_id, readings): Promise<AppendResult> {
      const received_at = clock.now();
      topics.sensor_readings.add(tenant_id, received_at, readings);
      const position = topics.sensor_readings.at(topics.sensor_readings.records.length);
      return { position, received_at, duplicate: false, accepted: readings.length };
    },
    head: async (topic) => topicOf(topic).at(topicOf(topic).records.length),
    earliest: async (topic) => topicOf(topic).at(topicOf(topic).earliest),
    read: async (topic, from, max_values) => topicOf(topic).read(from, max_values),
    async subscribe<T extends Topic>(
      topic: T,
      start: StartAt,
      handler: (batches: LogBatch<T>[], position: LogPosition) => void | Promise<void>,
    ): Promise<Subscription> {
      const source = topicOf(topic);
      let position = startIn(source, start);
      let stopped = false;
      const running = (async () => {
        while (!stopped) {
          const read = held ? undefined : source.read(position, 10_000);
          if (read === undefined || read.batches.length === 0) {
            await source.changed();
            continue;
          }
          await handler(read.batches, read.position);
          position = read.position;
        }
      })();
      return {
        position: () => position,
        async stop() {
          stopped = true;
          source.wake();
          await running;
        },
      };
    },
    appendHealth: (tenant_id, scores) => topics.health_scores.add(tenant_id, clock.now(), scores),
    removeBefore(offset) {
      topics.sensor_readings.earliest = offset;
    },
    readings: (tenant_id) =>
      topics.sensor_readings.records
        .filter((record) => record.tenant_id === tenant_id)
        .map(({ value }) => value),
    hold(now_held) {
      held = now_held;
      for (const topic of Object.values(topics)) topic.wake();
    },
  };
}

function startIn<T extends Topic>(source: MemoryTopic<T>, start: StartAt): LogPosition {
  if (start === "head") return source.at(source.records.length);
  if (start === "earliest") return source.at(source.earliest);
  if ("at" in start) return start.at;
  const first = source.records.findIndex(({ received_at }) => received_at >= start.since);
  return source.at(Math.max(source.earliest, first < 0 ? source.records.length : first));
}

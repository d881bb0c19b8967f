import type { HealthScore } from "../domain/health.ts";
import type { LogPosition } from "../domain/log-position.ts";
import type { Reading } from "../domain/reading.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Service } from "./system.ts";

export interface TopicValues {
  sensor_readings: Reading;
  health_scores: HealthScore;
}
export type Topic = keyof TopicValues;

/** Records of one tenant, taken at one moment, dense in one partition: `values[i]` has offset `first_offset + i`. */
export interface LogBatch<T extends Topic> {
  partition: number;
  first_offset: number;
  tenant_id: string;
  received_at: EpochMs;
  values: TopicValues[T][];
}

export interface AppendResult {
  /** Position after the appended records. */
  position: LogPosition;
  received_at: EpochMs;
  /** True where the idempotency key was known: nothing was appended, the rest is what was answered then. */
  duplicate: boolean;
  accepted: number;
}

export interface Subscription {
  /** Position up to which the handler has completed. */
  position(): LogPosition;
  stop(): Promise<void>;
}

/** `since`: the earliest record whose `received_at` is not before it. */
export type StartAt = { at: LogPosition } | { since: EpochMs } | "head" | "earliest";

/**
 * The ordered, durable record of what came in. Order is kept per partition, and an asset's records are all in
 * one partition.
 */
export interface EventLog extends Service {
  /** Resolves only when the records are durable (fsync, or Kafka's acks=all).
   * @throws ForesightError `unavailable` (with retry_after_s) or `storage_full` */
  append(
    tenant_id: string,
    readings: Reading[],
    options?: { idempotency_key?: string },
  ): Promise<AppendResult>;
  head<T extends Topic>(topic: T): Promise<LogPosition>;
  earliest<T extends Topic>(topic: T): Promise<LogPosition>;
  /** Reads at most about `max_values` values from a position. @throws ForesightError `invalid_request` where the
   * position is of another log, beyond the head or before the earliest kept record. */
  read<T extends Topic>(
    topic: T,
    from: LogPosition,
    max_values: number,
  ): Promise<{ batches: LogBatch<T>[]; position: LogPosition }>;
  /** Delivers every record from `start` on, in order, one handler call at a time; the next call waits for the
   * handler's promise. A handler that throws is retried with the same records after a pause. `position` is behind
   * what is delivered, and behind what was passed over because it could not be read.
   * @param scope.partitions only these; all, also those that come later, where absent */
  subscribe<T extends Topic>(
    topic: T,
    start: StartAt,
    handler: (batches: LogBatch<T>[], position: LogPosition) => void | Promise<void>,
    scope?: { partitions?: readonly number[] },
  ): Promise<Subscription>;
}

/** Who of several processors has which partitions of `sensor_readings`; a log of one process needs none. */
export interface PartitionGroup extends Service {
  /** Calls back with all that are this processor's, now and whenever they change. Another one may already have those
   * that are gone: the store's fence decides whose work counts. */
  onAssignment(listener: (partitions: number[]) => void): void;
  /** Tells what the store has saved, for whoever watches the group's lag. */
  saved(position: LogPosition): void;
}

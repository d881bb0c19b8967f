import type { AlertCommand } from "../../domain/alert-lifecycle.ts";
import type { HealthScore } from "../../domain/health.ts";
import type { Reading } from "../../domain/reading.ts";
import type { ProcessorEffects, Store } from "../../ports/store.ts";

/** One set of data and the stores on it. */
export interface StoreHarness {
  /** A further store on the same data, not started. */
  open(): Store;
  /** Stops what was opened and removes the data. */
  dispose(): Promise<void>;
  /** The health scores are published to a log outside the store, so their position is the one it is told. */
  health_log_outside?: boolean;
}

/** The tests of one part: `use` gives them a started store, and further ones on the same data. */
export type StoreTests = (
  use: () => { store: Store; another: () => Promise<Store>; health_log_outside: boolean },
) => void;

export const T0 = Date.UTC(2024, 0, 15);
export const TENANT = "north";
export const OTHER = "south";
export const LOG = "log-1";

export function reading(over: Partial<Reading> = {}): Reading {
  return {
    asset_id: "PUMP-001",
    sensor_id: "PUMP-001-TEMP",
    sensor_type: "temperature",
    value: 20,
    unit: "celsius",
    quality: "good",
    timestamp: T0,
    ...over,
  };
}

/** Readings of one sensor, one a second, with the values given. */
export function series(values: readonly number[], over: Partial<Reading> = {}): Reading[] {
  return values.map((value, i) => reading({ value, timestamp: T0 + i * 1_000, ...over }));
}

export function score(over: Partial<HealthScore> = {}): HealthScore {
  return {
    tenant_id: TENANT,
    asset_id: "PUMP-001",
    timestamp: T0,
    received_at: T0,
    score: 87,
    risk_level: "low",
    evidence: [{ sensor_id: "PUMP-001-TEMP", points: 13 }],
    source_partition: 0,
    source_offset: 0,
    ...over,
  };
}

type Raise = Extract<AlertCommand, { kind: "raise" }>;

export function raise(event_id: string, over: Partial<Raise> = {}): Raise {
  return {
    kind: "raise",
    event_id,
    at: T0,
    by: "rule",
    rule_id: "hot",
    asset_id: "PUMP-001",
    sensor_id: "PUMP-001-TEMP",
    title: "Too hot",
    severity: "warning",
    metric_value: 91,
    threshold: 90,
    timestamp: T0,
    ...over,
  };
}

/** Commits from where the processor stands. */
export async function commit(
  store: Store,
  effects: Partial<Omit<ProcessorEffects, "readings">> & {
    readings?: Reading[];
    tenant_id?: string;
    received_at?: number;
  },
): ReturnType<Store["commit"]> {
  const { readings = [], tenant_id = TENANT, received_at = T0, ...rest } = effects;
  const from_offset = (await store.processorPosition(LOG)).next[0]!;
  return store.commit({
    partition: 0,
    from_offset,
    next_offset: from_offset + readings.length,
    readings: readings.length === 0 ? [] : [{ tenant_id, received_at, readings }],
    commands: [],
    health: [],
    state: [],
    ...rest,
  });
}

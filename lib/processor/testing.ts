/** A log and a store in memory for the processor's tests, with faults to order. */
import type { Alert, AlertEvent } from "../domain/alert.ts";
import { alertKey, decideAlert, isConditionCommand } from "../domain/alert-lifecycle.ts";
import type { Asset } from "../domain/asset.ts";
import { assetTypeOf } from "../domain/asset.ts";
import { ForesightError } from "../domain/errors.ts";
import type { HealthScore } from "../domain/health.ts";
import type { HistoryQuery } from "../domain/history.ts";
import type { Reading } from "../domain/reading.ts";
import type { Rule } from "../domain/rule.ts";
import { followsScore } from "../domain/stale-score.ts";
import type { EpochMs } from "../domain/time.ts";
import type { LogBatch, Subscription } from "../ports/event-log.ts";
import type { ProcessorEffects, StoredModel } from "../ports/store.ts";
import type { Clock, Logger, Metrics } from "../ports/system.ts";
import type { ProcessorLog, ProcessorStorePort } from "./processor.ts";

export const TENANT = "acme";

export interface MemoryLog extends ProcessorLog {
  append(tenant_id: string, readings: Reading[], received_at: EpochMs): void;
  batches: LogBatch<"sensor_readings">[];
  /** How often the head was asked for, and the offset up to which readings were handed over. */
  seen: { heads: number; delivered: number };
}

export function createMemoryLog(log_id = "log-1"): MemoryLog {
  const batches: LogBatch<"sensor_readings">[] = [];
  let next = 0;
  let wake: (() => void)[] = [];
  const seen = { heads: 0, delivered: 0 };
  return {
    batches,
    seen,
    append(tenant_id, values, received_at) {
      batches.push({ partition: 0, first_offset: next, tenant_id, received_at, values });
      next += values.length;
      for (const awaken of wake.splice(0)) awaken();
    },
    async head() {
      seen.heads++;
      return { log_id, next: { 0: next } };
    },
    earliest: async () => ({ log_id, next: { 0: 0 } }),
    async subscribe(_topic, start, handler): Promise<Subscription> {
      if (typeof start === "string" || !("at" in start)) throw new Error("only positions here");
      let at = start.at.next[0] ?? 0;
      let stopped = false;
      const run = async () => {
        while (!stopped) {
          const found = batches.filter(({ first_offset, values }) => first_offset + values.length > at);
          if (found.length === 0) {
            await new Promise<void>((resolve) => {
              wake.push(resolve);
            });
            continue;
          }
          // Whole batches, so the first may begin before the position: a reader has to skip.
          await handler(found as never, { log_id, next: {} });
          const last = found.at(-1)!;
          at = last.first_offset + last.values.length;
          seen.delivered = at;
        }
      };
      const running = run();
      return {
        position: () => ({ log_id, next: { 0: at } }),
        async stop() {
          stopped = true;
          for (const awaken of wake) awaken();
          wake = [];
          await running;
        },
      };
    },
  };
}

export interface MemoryStore extends ProcessorStorePort {
  rule_set: Rule[];
  asset_types: Map<string, string>;
  models_installed: StoredModel[];
  config_version: number;
  position: number;
  readings: Map<string, number>;
  duplicates: number;
  events: AlertEvent[];
  scores: HealthScore[];
  states: Map<string, Uint8Array>;
  /** Offset before which an asset's saved state includes everything. */
  included: Map<string, number>;
  /** Dies in the middle of a commit, as a store without transactions may: all but some states and the position is done. */
  tear(effects: ProcessorEffects, states: number): Promise<void>;
  commits: ProcessorEffects[];
  /** Called before each commit; may throw. */
  before: (effects: ProcessorEffects) => void | Promise<void>;
  alerts(): Alert[];
}

export function createMemoryStore(rule_set: Rule[] = []): MemoryStore {
  const alerts = new Map<string, Alert>();
  const stored = ({
    asset_id,
    sensor_id,
    from = 0,
    to = Number.POSITIVE_INFINITY,
  }: Pick<HistoryQuery, "asset_id" | "sensor_id" | "from" | "to">) =>
    store.commits
      .flatMap(({ readings }) => readings.flatMap((batch) => batch.readings))
      .filter(
        (one) =>
          one.asset_id === asset_id &&
          one.sensor_id === sensor_id &&
          one.timestamp >= from &&
          one.timestamp <= to,
      )
      .sort((a, b) => a.timestamp - b.timestamp);
  const store: MemoryStore = {
    rule_set,
    asset_types: new Map(),
    models_installed: [],
    config_version: 1,
    position: 0,
    readings: new Map(),
    duplicates: 0,
    events: [],
    scores: [],
    states: new Map(),
    included: new Map(),
    async tear(effects, states) {
      const { position, commits } = store;
      await store.commit({ ...effects, state: effects.state.slice(0, states) });
      Object.assign(store, { position, commits });
    },
    commits: [],
    before: () => undefined,
    alerts: () => [...alerts.values()],
    tenants: async () => [{ tenant_id: TENANT, name: TENANT, created_at: 0 }],
    rules: async () => store.rule_set,
    models: async () => store.models_installed,
    page: async (_tenant_id, { after, limit, ...query }) =>
      stored({ ...query, from: Math.max(query.from ?? 0, (after ?? -1) + 1) }).slice(0, limit),
    history: async (_tenant_id, { max_points = Number.POSITIVE_INFINITY, ...query }) => {
      const found = stored(query);
      const each = Math.max(1, Math.ceil(found.length / max_points));
      return Array.from({ length: Math.ceil(found.length / each) }, (_, i) => {
        const bucket = found.slice(i * each, (i + 1) * each);
        const { timestamp, value, quality } = bucket[0]!;
        const until = bucket.at(-1)!.timestamp;
        return { timestamp, until, value, min: value, max: value, count: bucket.length, quality };
      });
    },
    configVersion: async () => store.config_version,
    assets: async () =>
      [...store.states.keys()].map(
        (asset_id) =>
          ({ asset_id, asset_type: store.asset_types.get(asset_id) ?? assetTypeOf(asset_id) }) as Asset,
      ),
    loadState: async () =>
      [...store.states].map(([asset_id, state]) => {
        const next_offset = store.included.get(asset_id);
        if (next_offset === undefined) return { asset_id, state };
        return { asset_id, state, included: { log_id: "log-1", partition: 0, next_offset } };
      }),
    processorPosition: async (log_id) => ({ log_id, next: { 0: store.position } }),
    async commit(effects) {
      await store.before(effects);
      if (effects.from_offset !== store.position) throw new ForesightError("conflict", "fenced");
      store.commits.push(effects);
      let stored = 0;
      let duplicates = 0;
      for (const { readings } of effects.readings)
        for (const { asset_id, sensor_id, timestamp, value } of readings) {
          const key = `${asset_id}/${sensor_id}/${timestamp}`;
          if (store.readings.has(key)) duplicates++;
          else {
            store.readings.set(key, value);
            stored++;
          }
        }
      store.duplicates += duplicates;
      const alert_events: AlertEvent[] = [];
      for (const { tenant_id, commands } of effects.commands)
        for (const command of commands) {
          if (!isConditionCommand(command)) throw new Error("rules only raise and clear");
          if (store.events.some(({ event_id }) => event_id === command.event_id)) continue;
          const current = alerts.get(alertKey(command));
          const event = decideAlert(current?.state === "resolved" ? undefined : current, command, tenant_id);
          if (event === undefined) continue;
          const entry = { ...event, seq: store.events.length + 1 };
          store.events.push(entry);
          alert_events.push(entry);
          alerts.set(alertKey(command), entry.alert);
        }
      for (const score of effects.health) {
        const same = store.scores.filter(({ asset_id }) => asset_id === score.asset_id);
        if (same.every((last) => followsScore(score, last))) store.scores.push(score);
      }
      for (const { asset_id, state, included } of effects.state) {
        store.states.set(asset_id, state);
        store.included.set(asset_id, Math.max(effects.next_offset, included ?? 0));
      }
      store.position = effects.next_offset;
      return { stored, duplicates, alert_events };
    },
  };
  return store;
}

export function createManualClock(at: EpochMs): Clock & { at: EpochMs } {
  const clock = { at, now: () => clock.at };
  return clock;
}

export interface Recorder {
  logger: Logger;
  metrics: Metrics;
  warnings: string[];
  counted: Record<string, number>;
}

export function createRecorder(): Recorder {
  const warnings: string[] = [];
  const counted: Record<string, number> = {};
  const logger: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (_, message) => warnings.push(message),
    error: (_, message) => warnings.push(message),
    child: () => logger,
  };
  const metrics: Metrics = {
    increment: (name, _labels, by = 1) => {
      counted[name] = (counted[name] ?? 0) + by;
    },
    gauge: () => undefined,
    observe: () => undefined,
  };
  return { logger, metrics, warnings, counted };
}

export function reading(more: Partial<Reading> & { timestamp: EpochMs }): Reading {
  return {
    asset_id: "PUMP-001",
    sensor_id: "PUMP-001-TEMP",
    sensor_type: "temperature",
    value: 65,
    unit: "celsius",
    quality: "good",
    ...more,
  };
}

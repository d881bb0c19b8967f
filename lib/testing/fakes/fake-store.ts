import type { Alert, AlertEvent } from "../../domain/alert.ts";
import type { Asset } from "../../domain/asset.ts";
import { assetTypeOf } from "../../domain/asset.ts";
import type { Snapshot, Store } from "../../ports/store.ts";
import type { MemoryLog } from "./memory-log.ts";

type Part = Pick<Store, "snapshot" | "onAlertEvents" | "alertEvents" | "lastAlertSeq" | "alertLogId">;

/** What the stream needs of a store, over a `MemoryLog`: the processor has seen all readings unless told otherwise. */
export interface FakeStore extends Part {
  /** How often each tenant's snapshot was read. */
  readonly snapshots_read: Map<string, number>;
  /** Appends an event of an alert; whoever watches is told of it unless `notify` is false. */
  raise(
    tenant_id: string,
    change?: Partial<Alert> & { kind?: AlertEvent["kind"] },
    options?: { notify: boolean },
  ): AlertEvent;
  /** The processor has come so far in the log; `undefined`: to its end. */
  processed(offset: number | undefined): void;
}

export function createFakeStore(log: MemoryLog): FakeStore {
  const events = new Map<string, AlertEvent[]>();
  const listeners = new Set<(tenant_id: string, last_seq: number) => void>();
  const snapshots_read = new Map<string, number>();
  let processed: number | undefined;
  const of = (tenant_id: string) => events.get(tenant_id) ?? [];

  return {
    snapshots_read,
    processed(offset) {
      processed = offset;
    },
    async snapshot(tenant_id): Promise<Snapshot> {
      snapshots_read.set(tenant_id, (snapshots_read.get(tenant_id) ?? 0) + 1);
      const head = await log.head("sensor_readings");
      const position = { ...head, next: { 0: processed ?? head.next[0]! } };
      const { batches } = await log.read("sensor_readings", await log.earliest("sensor_readings"), 1e9);
      const assets = new Map<string, Asset>();
      for (const batch of batches.filter((one) => one.tenant_id === tenant_id))
        for (const [
          i,
          { asset_id, sensor_id, sensor_type, unit, timestamp, value, quality },
        ] of batch.values.entries()) {
          if (batch.first_offset + i >= position.next[0]!) continue;
          const { received_at } = batch;
          assets.set(asset_id, {
            asset_id,
            asset_type: assetTypeOf(asset_id),
            sensors: [
              {
                sensor_id,
                sensor_type,
                unit,
                latest: { timestamp, received_at, value, quality },
                readings: 1,
                first_at: timestamp,
              },
            ],
            open_alerts: { info: 0, warning: 0, critical: 0 },
            received_at,
          });
        }
      const alerts = new Map(of(tenant_id).map(({ alert }) => [alert.id, alert]));
      return {
        assets: [...assets.values()],
        alerts: [...alerts.values()].filter(({ state }) => state !== "resolved"),
        positions: {
          sensor_data: position,
          health_scores: await log.head("health_scores"),
          alerts: { log_id: "alerts", seq: of(tenant_id).length },
        },
      };
    },
    alertLogId: async () => "alerts",
    lastAlertSeq: async (tenant_id) => of(tenant_id).length,
    alertEvents: async (tenant_id, after, limit) => of(tenant_id).slice(after, after + limit),
    onAlertEvents(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    raise(tenant_id, { kind = "raised", ...change } = {}, { notify } = { notify: true }) {
      const seq = of(tenant_id).length + 1;
      const alert: Alert = {
        id: `alert-${seq}`,
        tenant_id,
        asset_id: "PUMP-000",
        rule_id: "rule",
        title: "Too hot",
        severity: "warning",
        state: "open",
        metric_value: 99,
        raised_at: Date.UTC(2024, 0, 1),
        updated_at: Date.UTC(2024, 0, 1),
        timestamp: Date.UTC(2024, 0, 1),
        occurrences: 1,
        ...change,
      };
      const event: AlertEvent = {
        tenant_id,
        seq,
        event_id: `event-${seq}`,
        alert_id: alert.id,
        kind,
        at: Date.UTC(2024, 0, 1) + seq,
        by: "rule",
        alert,
      };
      events.set(tenant_id, [...of(tenant_id), event]);
      if (notify) for (const listener of listeners) listener(tenant_id, seq);
      return event;
    },
  };
}

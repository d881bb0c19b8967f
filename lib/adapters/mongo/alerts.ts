import type { Filter } from "mongodb";
import type { Alert } from "../../domain/alert.ts";
import type { AlertQuery, AlertStore } from "../../ports/store.ts";
import type { AlertLog } from "./alert-log.ts";
import { type AlertDoc, type Collections, idIn } from "./collections.ts";
import type { Meta } from "./meta.ts";

const PLAIN = { projection: { _id: 0 } } as const;

/** Alerts as they stand and as they came to be. Each call first sees to it that the projection has every event. */
export function createAlertStore(
  { alerts, alert_events }: Collections,
  log: AlertLog,
  meta: Meta,
): Omit<AlertStore, "onAlertEvents"> & {
  active(tenant_id: string): Promise<{ alerts: Alert[]; seq: number }>;
} {
  return {
    /** Those not resolved, newest first, and the sequence number of the last event that they include. */
    async active(tenant_id) {
      for (let tries = 0; ; tries++) {
        const seq = await log.project(tenant_id);
        const found = await alerts
          .find({ tenant_id, active: true })
          .sort({ raised_at: -1, id: -1 })
          .toArray();
        // Something came in between: one state is preferred, what is newer than `seq` only comes again.
        if (tries < 3 && (await log.last(tenant_id)) !== seq) continue;
        return { alerts: found.map(({ alert }) => alert), seq };
      }
    },

    execute: (tenant_id, commands) => log.append(tenant_id, commands),

    async alerts(tenant_id, query: AlertQuery) {
      await log.project(tenant_id);
      const filter: Filter<AlertDoc> = { tenant_id };
      if (query.asset_id !== undefined) filter.asset_id = query.asset_id;
      if (query.state !== undefined) filter.state = { $in: query.state };
      if (query.severity !== undefined) filter.severity = { $in: query.severity };
      if (query.state !== undefined && !query.state.includes("resolved")) filter.active = true;
      if (query.from !== undefined || query.to !== undefined)
        filter.raised_at = {
          ...(query.from !== undefined && { $gte: query.from }),
          ...(query.to !== undefined && { $lte: query.to }),
        };
      if (query.after !== undefined) {
        const after = await alerts.findOne({ _id: idIn(tenant_id, query.after) });
        if (after === null) return [];
        const { raised_at, id } = after;
        filter.$or = [{ raised_at: { $lt: raised_at } }, { raised_at, id: { $lt: id } }];
      }
      const found = alerts.find(filter).sort({ raised_at: -1, id: -1 }).limit(query.limit);
      return (await found.toArray()).map(({ alert }) => alert);
    },

    async alert(tenant_id, alert_id) {
      await log.project(tenant_id);
      const found = await alerts.findOne({ _id: idIn(tenant_id, alert_id) });
      if (found === null) return undefined;
      const events = await alert_events
        .find({ tenant_id, alert_id, seq: { $lte: found.seq } }, PLAIN)
        .sort({ seq: 1 })
        .toArray();
      return { alert: found.alert, events };
    },

    alertEvents: (tenant_id, after, limit) => log.events(tenant_id, after, limit),
    lastAlertSeq: (tenant_id) => log.last(tenant_id),
    async alertLogId() {
      return (await meta.get<string>("alert_log_id"))!;
    },
  };
}

import type { Alert, AlertEvent } from "../../domain/alert.ts";
import {
  type AlertCommand,
  alertKey,
  decideAlert,
  isConditionCommand,
  needsActive,
} from "../../domain/alert-lifecycle.ts";
import { isForesightError } from "../../domain/errors.ts";
import type { AlertQuery, AlertStore } from "../../ports/store.ts";
import type { SqliteDatabase } from "./sqlite.ts";
import type { Meta } from "./store-meta.ts";

export interface AlertParts extends Omit<AlertStore, "onAlertEvents"> {
  /**
   * Appends what the commands bring, within the caller's transaction.
   * @param refused called instead of throwing where the state does not allow a command
   */
  append(
    tenant_id: string,
    commands: readonly AlertCommand[],
    refused?: (error: Error) => void,
  ): AlertEvent[];
  /** Those not resolved, newest first, within the caller's transaction. */
  active(tenant_id: string): Alert[];
  /** Last sequence number of every tenant that has events. */
  heads(): { tenant_id: string; last_seq: number }[];
  /** Last sequence number, within the caller's transaction. */
  head(tenant_id: string): number;
}

/** The alert log and its projection. @param changed called after events were committed */
export function createAlertStore(db: SqliteDatabase, meta: Meta, changed: () => void): AlertParts {
  const selectHead = db.prepare<{ last_seq: number }>("SELECT last_seq FROM alert_head WHERE tenant_id = ?");
  const selectHeads = db.prepare<{ tenant_id: string; last_seq: number }>(
    "SELECT tenant_id, last_seq FROM alert_head",
  );
  const putHead = db.prepare("INSERT OR REPLACE INTO alert_head (tenant_id, last_seq) VALUES (?, ?)");
  const knownEvent = db.prepare("SELECT 1 FROM alert_event WHERE tenant_id = ? AND event_id = ?");
  const insertEvent = db.prepare(
    "INSERT INTO alert_event (tenant_id, seq, event_id, alert_id, event) VALUES (?, ?, ?, ?, ?)",
  );
  const putAlert = db.prepare(
    `INSERT OR REPLACE INTO alert (tenant_id, id, alert_key, asset_id, state, severity, raised_at, alert)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const selectAlert = db.prepare<{ alert: string }>("SELECT alert FROM alert WHERE tenant_id = ? AND id = ?");
  const selectActiveOf = db.prepare<{ alert: string }>(
    "SELECT alert FROM alert WHERE tenant_id = ? AND alert_key = ? AND state <> 'resolved'",
  );
  const selectActive = db.prepare<{ alert: string }>(
    "SELECT alert FROM alert WHERE tenant_id = ? AND state <> 'resolved' ORDER BY raised_at DESC, id DESC",
  );
  const selectEventsOf = db.prepare<{ event: string }>(
    "SELECT event FROM alert_event WHERE tenant_id = ? AND alert_id = ? ORDER BY seq",
  );
  const selectEvents = db.prepare<{ event: string }>(
    "SELECT event FROM alert_event WHERE tenant_id = ? AND seq > ? ORDER BY seq LIMIT ?",
  );
  // `json_each` of null has no rows, so an absent filter admits all.
  const selectPage = db.prepare<{ alert: string }>(
    `SELECT alert FROM alert
     WHERE tenant_id = ?1
       AND (?2 IS NULL OR state IN (SELECT value FROM json_each(?2)))
       AND (?3 IS NULL OR severity IN (SELECT value FROM json_each(?3)))
       AND (?4 IS NULL OR asset_id = ?4)
       AND (?5 IS NULL OR raised_at >= ?5) AND (?6 IS NULL OR raised_at <= ?6)
       AND (?7 IS NULL OR (raised_at, id) < (?7, ?8))
     ORDER BY raised_at DESC, id DESC LIMIT ?9`,
  );

  const alertOf = (row: { alert: string } | undefined) => row && (JSON.parse(row.alert) as Alert);
  const head = (tenant_id: string) => selectHead.get(tenant_id)?.last_seq ?? 0;

  function append(
    tenant_id: string,
    commands: readonly AlertCommand[],
    refused?: (error: Error) => void,
  ): AlertEvent[] {
    const events: AlertEvent[] = [];
    const before = head(tenant_id);
    for (const command of commands) {
      if (knownEvent.get(tenant_id, command.event_id) !== undefined) continue;
      const current = alertOf(
        isConditionCommand(command)
          ? selectActiveOf.get(tenant_id, alertKey(command))
          : selectAlert.get(tenant_id, command.alert_id),
      );
      const active =
        current !== undefined && needsActive(command)
          ? alertOf(selectActiveOf.get(tenant_id, alertKey(current)))
          : undefined;
      let decided: ReturnType<typeof decideAlert>;
      try {
        decided = decideAlert(current, command, tenant_id, active);
      } catch (error) {
        if (refused === undefined || !isForesightError(error)) throw error;
        refused(error);
        continue;
      }
      if (decided === undefined) continue;
      const event: AlertEvent = { ...decided, seq: before + events.length + 1 };
      const { alert } = event;
      insertEvent.run(tenant_id, event.seq, event.event_id, event.alert_id, JSON.stringify(event));
      putAlert.run(
        tenant_id,
        alert.id,
        alertKey(alert),
        alert.asset_id,
        alert.state,
        alert.severity,
        alert.raised_at,
        JSON.stringify(alert),
      );
      events.push(event);
    }
    if (events.length > 0) putHead.run(tenant_id, before + events.length);
    return events;
  }

  return {
    append,
    head,
    active: (tenant_id) => selectActive.all(tenant_id).map((row) => alertOf(row)!),
    heads: () => selectHeads.all(),

    async execute(tenant_id, commands) {
      const events = db.transaction(() => append(tenant_id, commands));
      if (events.length > 0) changed();
      return events;
    },

    async alerts(tenant_id, query: AlertQuery) {
      return db.snapshot(() => {
        let after: Alert | undefined;
        if (query.after !== undefined) {
          after = alertOf(selectAlert.get(tenant_id, query.after));
          if (after === undefined) return [];
        }
        return selectPage
          .all(
            tenant_id,
            query.state === undefined ? null : JSON.stringify(query.state),
            query.severity === undefined ? null : JSON.stringify(query.severity),
            query.asset_id ?? null,
            query.from ?? null,
            query.to ?? null,
            after?.raised_at ?? null,
            after?.id ?? null,
            query.limit,
          )
          .map((row) => alertOf(row)!);
      });
    },

    async alert(tenant_id, alert_id) {
      return db.snapshot(() => {
        const alert = alertOf(selectAlert.get(tenant_id, alert_id));
        if (alert === undefined) return undefined;
        const events = selectEventsOf
          .all(tenant_id, alert_id)
          .map(({ event }) => JSON.parse(event) as AlertEvent);
        return { alert, events };
      });
    },

    async alertEvents(tenant_id, after, limit) {
      return selectEvents.all(tenant_id, after, limit).map(({ event }) => JSON.parse(event) as AlertEvent);
    },
    async lastAlertSeq(tenant_id) {
      return head(tenant_id);
    },
    async alertLogId() {
      return meta.get<string>("alert_log_id")!;
    },
  };
}

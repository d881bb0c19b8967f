import type { AnyBulkWriteOperation } from "mongodb";
import type { Alert, AlertEvent } from "../../domain/alert.ts";
import {
  type AlertCommand,
  alertKey,
  decideAlert,
  isConditionCommand,
  needsActive,
} from "../../domain/alert-lifecycle.ts";
import { isForesightError } from "../../domain/errors.ts";
import { type AlertDoc, type Collections, idIn } from "./collections.ts";
import { isDuplicateKey, onlyDuplicateKeys } from "./errors.ts";

const PLAIN = { projection: { _id: 0 } } as const;
const PAGE = 500;

export interface AlertLog {
  /**
   * Appends what the commands bring, each event by itself, with the next sequence numbers. What has been done is
   * skipped; where another writer was faster, its events are read and the rest is decided again.
   * @param refused called instead of throwing where the state does not allow a command
   */
  append(
    tenant_id: string,
    commands: readonly AlertCommand[],
    refused?: (error: Error) => void,
  ): Promise<AlertEvent[]>;
  /** Brings the projection up to the last event. @returns that event's sequence number */
  project(tenant_id: string): Promise<number>;
  last(tenant_id: string): Promise<number>;
  events(tenant_id: string, after: number, limit: number): Promise<AlertEvent[]>;
  /** The tenants that have, or are about to have, events. */
  tenants(): Promise<string[]>;
}

/** @param appended called after events have been written */
export function createAlertLog(
  { alerts, alert_events, alert_heads }: Collections,
  appended: (tenant_id: string, last_seq: number) => void,
): AlertLog {
  async function last(tenant_id: string): Promise<number> {
    const [newest] = await alert_events
      .find({ tenant_id }, { projection: { _id: 0, seq: 1 } })
      .sort({ seq: -1 })
      .limit(1)
      .toArray();
    return newest?.seq ?? 0;
  }

  const events = (tenant_id: string, after: number, limit: number) =>
    alert_events
      .find({ tenant_id, seq: { $gt: after } }, PLAIN)
      .sort({ seq: 1 })
      .limit(limit)
      .toArray();

  /** Puts consecutive events into the projection; those of an alert that has a newer one there change nothing. */
  async function apply(tenant_id: string, consecutive: readonly AlertEvent[]): Promise<void> {
    const newest = new Map(consecutive.map((event) => [event.alert_id, event]));
    const writes = [...newest.values()].map(({ alert, seq }): AnyBulkWriteOperation<AlertDoc> => {
      const { id, asset_id, state, severity, raised_at } = alert;
      const fields = { tenant_id, id, asset_id, state, severity, raised_at, seq, alert };
      return {
        updateOne: {
          filter: { _id: idIn(tenant_id, id), seq: { $lt: seq } },
          update: { $set: { ...fields, alert_key: alertKey(alert), active: state !== "resolved" } },
          upsert: true,
        },
      };
    });
    try {
      await alerts.bulkWrite(writes, { ordered: false });
    } catch (error) {
      // The guard did not match and the id is there: something newer is.
      if (!onlyDuplicateKeys(error)) throw error;
    }
    await alert_heads.updateOne(
      { _id: tenant_id },
      { $max: { projected: consecutive.at(-1)!.seq } },
      { upsert: true },
    );
  }

  async function project(tenant_id: string): Promise<number> {
    const head = await alert_heads.findOne({ _id: tenant_id });
    const end = await last(tenant_id);
    for (let projected = head?.projected ?? 0; projected < end; ) {
      const page = await events(tenant_id, projected, PAGE);
      if (page.length === 0) break;
      await apply(tenant_id, page);
      projected = page.at(-1)!.seq;
    }
    return end;
  }

  /** A tenant's head is there before its first event, so that who looks for tenants finds it. */
  async function begin(tenant_id: string): Promise<void> {
    try {
      await alert_heads.updateOne({ _id: tenant_id }, { $setOnInsert: { projected: 0 } }, { upsert: true });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /** The present state of what the commands speak of. */
  async function load(tenant_id: string, commands: readonly AlertCommand[]) {
    const keys: string[] = [];
    const ids: string[] = [];
    for (const command of commands)
      if (isConditionCommand(command)) keys.push(alertKey(command));
      else ids.push(idIn(tenant_id, command.alert_id));
    const [byKey, byId] = await Promise.all([
      keys.length === 0 ? [] : alerts.find({ tenant_id, active: true, alert_key: { $in: keys } }).toArray(),
      ids.length === 0 ? [] : alerts.find({ _id: { $in: ids } }).toArray(),
    ]);
    const active = new Map<string, Alert>();
    const named = new Map<string, Alert>();
    for (const { alert, alert_key, active: isActive } of [...byKey, ...byId]) {
      named.set(alert.id, alert);
      if (isActive) active.set(alert_key, alert);
    }
    const rivals = commands.flatMap((command) => {
      const alert = needsActive(command) && "alert_id" in command && named.get(command.alert_id);
      return alert ? [alertKey(alert)] : [];
    });
    if (rivals.length > 0)
      for (const { alert } of await alerts
        .find({ tenant_id, active: true, alert_key: { $in: rivals } })
        .toArray()) {
        named.set(alert.id, alert);
        active.set(alertKey(alert), alert);
      }
    return { active, named };
  }

  async function decide(
    tenant_id: string,
    commands: readonly AlertCommand[],
    after: number,
    refused: ((error: Error) => void) | undefined,
  ): Promise<AlertEvent[]> {
    const { active, named } = await load(tenant_id, commands);
    const decided: AlertEvent[] = [];
    for (const command of commands) {
      const current = isConditionCommand(command)
        ? active.get(alertKey(command))
        : named.get(command.alert_id);
      try {
        const rival = current && needsActive(command) ? active.get(alertKey(current)) : undefined;
        const event = decideAlert(current, command, tenant_id, rival);
        if (event === undefined) continue;
        const { alert } = event;
        named.set(alert.id, alert);
        if (alert.state === "resolved") active.delete(alertKey(alert));
        else active.set(alertKey(alert), alert);
        decided.push({ ...event, seq: after + decided.length + 1 });
      } catch (error) {
        if (refused === undefined || !isForesightError(error)) throw error;
        refused(error);
      }
    }
    return decided;
  }

  return {
    last,
    events,
    project,
    async tenants() {
      return (await alert_heads.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
    },
    async append(tenant_id, commands, refused) {
      const done: AlertEvent[] = [];
      // A command twice in one call is one.
      let left = [...new Map(commands.map((command) => [command.event_id, command])).values()];
      while (left.length > 0) {
        const ids = left.map(({ event_id }) => event_id);
        const known = await alert_events
          .find({ tenant_id, event_id: { $in: ids } }, { projection: { _id: 0, event_id: 1 } })
          .toArray();
        const there = new Set(known.map(({ event_id }) => event_id));
        left = left.filter(({ event_id }) => !there.has(event_id));
        if (left.length === 0) break;
        const head = await project(tenant_id);
        if (head === 0) await begin(tenant_id);
        const decided = await decide(tenant_id, left, head, refused);
        if (decided.length === 0) break;
        let written = decided.length;
        try {
          await alert_events.insertMany(
            decided.map((event) => ({ ...event })),
            { ordered: true },
          );
        } catch (error) {
          if (!onlyDuplicateKeys(error)) throw error;
          // Ordered: what stands before the one that failed is there.
          written = [error.writeErrors].flat()[0]!.index;
        }
        const events = decided.slice(0, written);
        if (events.length > 0) {
          done.push(...events);
          appended(tenant_id, events.at(-1)!.seq);
          await apply(tenant_id, events);
        }
        if (written === decided.length) break;
      }
      return done;
    },
  };
}

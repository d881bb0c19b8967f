import type { Alert, AlertEvent, AlertEventKind, Severity } from "./alert.ts";
import { ForesightError } from "./errors.ts";
import type { EpochMs } from "./time.ts";

interface CommandBase {
  /** Deterministic: the same command again has the same id and changes nothing. */
  event_id: string;
  at: EpochMs;
  by: string;
}

/** What someone or something wants done to alerts. */
export type AlertCommand =
  | (CommandBase & {
      /** The condition of a rule holds. Opens an alert, or counts a recurrence of the active one of rule and sensor. */
      kind: "raise";
      rule_id: string;
      asset_id: string;
      sensor_id?: string;
      title: string;
      severity: Severity;
      metric_value: number | null;
      threshold?: number;
      unit?: string;
      timestamp: EpochMs;
    })
  | (CommandBase & {
      /** The condition of a rule no longer holds. */
      kind: "clear";
      rule_id: string;
      asset_id: string;
      sensor_id?: string;
      metric_value: number | null;
    })
  | (CommandBase & {
      kind: "acknowledge" | "resolve" | "comment" | "unacknowledge" | "reopen";
      alert_id: string;
      comment?: string;
    })
  | (CommandBase & {
      kind: "unshelve";
      alert_id: string;
      comment?: string;
      /** Only where it is shelved until then: set where time, not a person, brings it back. */
      shelved_until?: EpochMs;
    })
  | (CommandBase & { kind: "shelve"; alert_id: string; until: EpochMs; comment?: string });

/** What `decideAlert` must be given: the alert named by the command, or the active one of its rule and sensor. */
export function isConditionCommand(
  command: AlertCommand,
): command is Extract<AlertCommand, { kind: "raise" | "clear" }> {
  return command.kind === "raise" || command.kind === "clear";
}

/** Whether `decideAlert` must also know the active alert of the same rule and sensor: two may not be active. */
export function needsActive(command: AlertCommand): boolean {
  return command.kind === "reopen";
}

/** The one active (not resolved) alert of a rule and sensor is found by this key. */
export function alertKey(of: { rule_id: string; asset_id: string; sensor_id?: string }): string {
  return JSON.stringify([of.rule_id, of.asset_id, of.sensor_id ?? null]);
}

/**
 * Decides a command against the present state: the event that follows without its sequence number, or
 * `undefined` where nothing changes.
 * States after ISA-18.2: open (unacknowledged, active) → acknowledged → resolved; a condition that clears by
 * itself resolves an acknowledged alert and marks an open one `cleared` until someone acknowledges it.
 * `unacknowledge` and `reopen` take back what a person did: the alert is again what it was before.
 * @param active the active alert of the same rule and sensor, where `needsActive` asks for it
 * @throws ForesightError `not_found` for a person's command on no alert, `conflict` where the state forbids it
 */
export function decideAlert(
  current: Alert | undefined,
  command: AlertCommand,
  tenant_id: string,
  active?: Alert,
): Omit<AlertEvent, "seq"> | undefined {
  const emit = (kind: AlertEventKind, alert: Alert): Omit<AlertEvent, "seq"> => ({
    tenant_id,
    event_id: command.event_id,
    alert_id: alert.id,
    kind,
    at: command.at,
    by: command.by,
    ...("comment" in command && command.comment !== undefined && { comment: command.comment }),
    alert: { ...alert, updated_at: command.at },
  });

  if (command.kind === "raise") {
    if (current === undefined) {
      return emit("raised", {
        id: command.event_id,
        tenant_id,
        asset_id: command.asset_id,
        ...(command.sensor_id !== undefined && { sensor_id: command.sensor_id }),
        rule_id: command.rule_id,
        title: command.title,
        severity: command.severity,
        state: "open",
        metric_value: command.metric_value,
        ...(command.threshold !== undefined && { threshold: command.threshold }),
        ...(command.unit !== undefined && { unit: command.unit }),
        raised_at: command.at,
        updated_at: command.at,
        timestamp: command.timestamp,
        occurrences: 1,
      });
    }
    return emit("recurred", {
      ...current,
      title: command.title,
      severity: command.severity,
      metric_value: command.metric_value,
      ...(command.threshold !== undefined && { threshold: command.threshold }),
      state: current.state === "cleared" ? "open" : current.state,
      occurrences: current.occurrences + 1,
    });
  }

  if (command.kind === "clear") {
    if (current === undefined || current.state === "cleared") return undefined;
    const state =
      current.state === "acknowledged" ? "resolved" : current.state === "open" ? "cleared" : current.state;
    if (state === current.state) return undefined;
    return emit(state === "resolved" ? "resolved" : "cleared", { ...current, state });
  }

  if (current === undefined) throw new ForesightError("not_found", "There is no such alert.");
  const commented = command.comment === undefined ? current : { ...current, comment: command.comment };
  if (command.kind === "comment") return emit("commented", commented);
  if (command.kind === "reopen") return reopen(commented, active, emit);
  if (current.state === "resolved")
    throw new ForesightError(
      "conflict",
      `The alert is resolved already; it cannot be ${PAST[command.kind]}.`,
    );

  switch (command.kind) {
    case "acknowledge":
      if (current.state === "acknowledged") return undefined;
      return current.state === "cleared"
        ? emit("resolved", { ...commented, state: "resolved", owner: command.by, resolved_from: "cleared" })
        : emit("acknowledged", { ...commented, state: "acknowledged", owner: command.by });
    case "resolve":
      return emit("resolved", {
        ...commented,
        state: "resolved",
        owner: current.owner ?? command.by,
        resolved_from: current.state,
      });
    case "shelve":
      return emit("shelved", { ...commented, state: "shelved", shelved_until: command.until });
    case "unshelve": {
      if (current.state !== "shelved") return undefined;
      if (command.shelved_until !== undefined && command.shelved_until !== current.shelved_until)
        return undefined;
      const { shelved_until: _, ...rest } = commented;
      return emit("unshelved", { ...rest, state: "open" });
    }
    case "unacknowledge": {
      if (current.state === "open") return undefined;
      if (current.state !== "acknowledged")
        throw new ForesightError("conflict", `The alert is ${current.state}, not acknowledged.`);
      const { owner: _, ...rest } = commented;
      return emit("unacknowledged", { ...rest, state: "open" });
    }
  }
}

/** Only a person's resolution can be taken back; one by the condition itself is a fact about the machine. */
function reopen<Event>(
  alert: Alert,
  active: Alert | undefined,
  emit: (kind: AlertEventKind, alert: Alert) => Event,
): Event | undefined {
  if (alert.state !== "resolved") return undefined;
  const { resolved_from: state, owner, ...rest } = alert;
  if (state === undefined)
    throw new ForesightError(
      "conflict",
      "The alert resolved by itself when its condition cleared; it cannot be reopened.",
    );
  if (active !== undefined)
    throw new ForesightError("conflict", "The same condition has raised a newer alert, which is open.");
  // Who resolved it became its owner; before that only an acknowledged or shelved one could have had one.
  const owned = owner !== undefined && (state === "acknowledged" || state === "shelved");
  return emit("reopened", { ...rest, state, ...(owned && { owner }) });
}

const PAST = {
  acknowledge: "acknowledged",
  resolve: "resolved",
  shelve: "shelved",
  unshelve: "unshelved",
  unacknowledge: "taken back to open",
} as const;

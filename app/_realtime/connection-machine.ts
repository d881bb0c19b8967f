import type { EpochMs } from "../../lib/domain/time.ts";
import { mayReconnect } from "../../lib/protocol/messages.ts";

export const CONNECTION_STATES = [
  "idle",
  "connecting",
  "live",
  "recovering",
  "backing_off",
  "offline",
  "denied",
] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** Times in ms. A head comes at least every 10 s, so silence beyond `stale` means that the path is dead. */
export const CONNECTION_TIMES = {
  backoff_first: 500,
  backoff_most: 30_000,
  /** From the start of an attempt to `subscribed`. */
  open_deadline: 10_000,
  stale: 15_000,
  /** How long a ping may go unanswered after the browser reported a change of network. */
  probe: 5_000,
  /** A connection that held so long starts the next back-off from the beginning. */
  lasting: 10_000,
} as const;

/** What the machine knows. It holds no handles: the client carries its effects out. */
export interface Connection {
  state: ConnectionState;
  /** When the state was entered. */
  since: EpochMs;
  /** Attempts since the connection last held; 1 during the first. */
  attempt: number;
  /** When the next `wake` is due. */
  wake_at: EpochMs | null;
  /** When the next attempt begins, for a count-down: in `backing_off` and `offline`. */
  retry_at: EpochMs | null;
  been_live: boolean;
  last_frame_at: EpochMs | null;
  /** A ping is out since then and no frame has come after it. */
  probed_at: EpochMs | null;
  /** What the browser says of the network; it is believed for the wording only, since localhost works without. */
  network: boolean;
  reconnects: boolean;
  /** Why the last connection ended, in words, and its close code where there was one. */
  reason: string | null;
  code: number | null;
}

export type ConnectionEvent =
  | { type: "connect" | "disconnect" | "retry" }
  | { type: "opened" | "subscribed" | "frame" | "wake" }
  | { type: "closed"; code: number; reason: string }
  /** The server said that it will not have us: credentials, tenant, too many sockets. */
  | { type: "refused"; reason: string }
  | { type: "online" | "offline" | "visible" };

/** `wake` replaces the one timer; `null` stops it. */
export type ConnectionEffect =
  | { type: "open" }
  | { type: "close" }
  | { type: "subscribe" }
  | { type: "ping" }
  | { type: "wake"; at: EpochMs | null };

export interface Moment {
  now: EpochMs;
  /** From [0, 1). */
  random: number;
}

export interface Step {
  connection: Connection;
  effects: ConnectionEffect[];
}

export function initialConnection(now: EpochMs, reconnects = true): Connection {
  return {
    state: "idle",
    since: now,
    attempt: 0,
    wake_at: null,
    retry_at: null,
    been_live: false,
    last_frame_at: null,
    probed_at: null,
    network: true,
    reconnects,
    reason: null,
    code: null,
  };
}

/** Exponential back-off with full jitter (Brooker, "Exponential Backoff And Jitter", 2015): uniform below the ceiling. */
export function backoffDelay(attempt: number, random: number): number {
  const { backoff_first, backoff_most } = CONNECTION_TIMES;
  return Math.round(random * Math.min(backoff_most, backoff_first * 2 ** Math.max(0, attempt - 1)));
}

/** Whether a transport may be open or opening in this state. */
const HAS_TRANSPORT: Record<ConnectionState, boolean> = {
  idle: false,
  connecting: true,
  live: true,
  recovering: true,
  backing_off: false,
  offline: false,
  denied: false,
};

/**
 * One step of the connection: the next state and what is to be done, in order. Pure; an event that means nothing
 * in a state changes nothing. Every state but `idle` and `denied` has a `wake_at`, so none can be stuck.
 */
export function stepConnection(from: Connection, event: ConnectionEvent, moment: Moment): Step {
  const { now } = moment;
  switch (event.type) {
    case "connect":
      return HAS_TRANSPORT[from.state] ? stay(from) : open(fresh(from), now);
    case "disconnect":
      return settle({ ...from, attempt: 0, been_live: false, reason: null, code: null }, "idle", now);
    case "retry":
      if (from.state === "live") return reopen({ ...from, reason: "Reconnected by hand" }, now);
      if (from.state === "connecting" || from.state === "recovering") return stay(from);
      return open(from.state === "idle" || from.state === "denied" ? fresh(from) : from, now);
    case "opened":
      return from.state === "connecting" || from.state === "recovering"
        ? { connection: from, effects: [{ type: "subscribe" }] }
        : stay(from);
    case "subscribed":
      return from.state === "connecting" || from.state === "recovering" ? live(from, now) : frame(from, now);
    case "frame":
      return frame(from, now);
    case "closed":
      if (!HAS_TRANSPORT[from.state]) return stay(from);
      if (!mayReconnect(event.code))
        return settle({ ...from, reason: event.reason, code: event.code }, "denied", now, false);
      return lost({ ...from, reason: event.reason, code: event.code }, moment, false);
    case "refused":
      return HAS_TRANSPORT[from.state]
        ? settle({ ...from, reason: event.reason, code: null }, "denied", now)
        : stay(from);
    case "offline": {
      const without = { ...from, network: false };
      if (from.state === "live") return probe(without, now);
      return from.state === "backing_off" ? wait(without, moment) : stay(without);
    }
    case "online": {
      const within = { ...from, network: true };
      if (from.state === "live") return probe(within, now);
      return from.state === "backing_off" || from.state === "offline" ? open(within, now) : stay(within);
    }
    case "visible":
      if (from.state === "backing_off" || from.state === "offline") return open(from, now);
      if (from.state !== "live") return stay(from);
      if (isSilent(from, now)) return stale(from, now);
      return now - (from.last_frame_at ?? now) > CONNECTION_TIMES.probe ? probe(from, now) : stay(from);
    case "wake":
      return wake(from, moment);
  }
}

function wake(from: Connection, moment: Moment): Step {
  const { now } = moment;
  if (from.wake_at === null) return stay(from);
  switch (from.state) {
    case "live":
      return isSilent(from, now) ? stale(from, now) : schedule(from, liveDeadline(from, now));
    case "connecting":
    case "recovering":
      if (now < from.wake_at) return schedule(from, from.wake_at);
      return lost({ ...from, reason: "The server did not answer in time", code: null }, moment, true);
    default:
      return now < from.wake_at ? schedule(from, from.wake_at) : open(from, now);
  }
}

function stay(connection: Connection): Step {
  return { connection, effects: [] };
}

function schedule(connection: Connection, at: EpochMs): Step {
  return { connection: { ...connection, wake_at: at }, effects: [{ type: "wake", at }] };
}

function fresh(from: Connection): Connection {
  return { ...from, attempt: 0, reason: null, code: null };
}

/** Begins an attempt; no transport may be open. */
function open(from: Connection, now: EpochMs): Step {
  const at = now + CONNECTION_TIMES.open_deadline;
  return {
    connection: {
      ...from,
      state: from.been_live ? "recovering" : "connecting",
      since: now,
      attempt: from.attempt + 1,
      wake_at: at,
      retry_at: null,
      probed_at: null,
    },
    effects: [{ type: "open" }, { type: "wake", at }],
  };
}

/** Ends in a state without transport and without timer. */
function settle(from: Connection, state: "idle" | "denied", now: EpochMs, close = true): Step {
  const closing = close && HAS_TRANSPORT[from.state];
  return {
    connection: { ...from, state, since: now, wake_at: null, retry_at: null, probed_at: null },
    effects: [...(closing ? [{ type: "close" as const }] : []), { type: "wake", at: null }],
  };
}

function live(from: Connection, now: EpochMs): Step {
  const at = now + CONNECTION_TIMES.stale;
  return {
    connection: {
      ...from,
      state: "live",
      since: now,
      wake_at: at,
      retry_at: null,
      been_live: true,
      last_frame_at: now,
      probed_at: null,
    },
    effects: [{ type: "wake", at }],
  };
}

function frame(from: Connection, now: EpochMs): Step {
  return from.state === "live" ? stay({ ...from, last_frame_at: now, probed_at: null }) : stay(from);
}

function probe(from: Connection, now: EpochMs): Step {
  const probed = { ...from, probed_at: now };
  const at = liveDeadline(probed, now);
  return {
    connection: { ...probed, wake_at: at },
    effects: [{ type: "ping" }, { type: "wake", at }],
  };
}

function liveDeadline(from: Connection, now: EpochMs): EpochMs {
  // A clock that was set back must not postpone the check for as long as it was set back.
  const silence = Math.min(from.last_frame_at ?? now, now) + CONNECTION_TIMES.stale;
  return from.probed_at === null
    ? silence
    : Math.min(silence, Math.min(from.probed_at, now) + CONNECTION_TIMES.probe);
}

function isSilent(from: Connection, now: EpochMs): boolean {
  return now >= liveDeadline(from, now);
}

function stale(from: Connection, now: EpochMs): Step {
  const seconds = Math.round((now - (from.last_frame_at ?? now)) / 1000);
  return reopen({ ...from, reason: `Nothing came for ${seconds} s`, code: null }, now);
}

function reopen(from: Connection, now: EpochMs): Step {
  const opened = open({ ...from, attempt: heldLong(from, now) ? 0 : from.attempt }, now);
  return { ...opened, effects: [{ type: "close" }, ...opened.effects] };
}

function heldLong(from: Connection, now: EpochMs): boolean {
  return from.state === "live" && now - from.since >= CONNECTION_TIMES.lasting;
}

/** The connection ended or did not come about; `close` where the transport does not know it yet. */
function lost(from: Connection, moment: Moment, close: boolean): Step {
  const counted = { ...from, attempt: heldLong(from, moment.now) ? 0 : from.attempt };
  const next = from.reconnects ? wait(counted, moment) : settle(counted, "idle", moment.now, false);
  return close ? { ...next, effects: [{ type: "close" }, ...next.effects] } : next;
}

/** Without network the attempts go on, seldom, because the browser may be wrong (a server on this machine). */
function wait(from: Connection, { now, random }: Moment): Step {
  const { backoff_most } = CONNECTION_TIMES;
  const delay = from.network ? backoffDelay(from.attempt, random) : (backoff_most * (1 + random)) / 2;
  const at = now + delay;
  return {
    connection: {
      ...from,
      state: from.network ? "backing_off" : "offline",
      since: now,
      wake_at: at,
      retry_at: at,
      probed_at: null,
    },
    effects: [{ type: "wake", at }],
  };
}

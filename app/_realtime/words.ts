import type { EpochMs } from "../../lib/domain/time.ts";
import type { ConnectionInfo } from "./client.ts";
import type { ConnectionState } from "./connection-machine.ts";

const NAMES: Record<ConnectionState, string> = {
  idle: "Disconnected",
  connecting: "Connecting",
  live: "Connected",
  recovering: "Recovering",
  backing_off: "Recovering",
  offline: "Offline",
  denied: "Refused",
};

/** The state in one word. */
export function connectionName(state: ConnectionState): string {
  return NAMES[state];
}

/** Seconds until the next attempt, or `null` where none is waited for. */
export function secondsToRetry({ retry_at }: Pick<ConnectionInfo, "retry_at">, now: EpochMs): number | null {
  return retry_at === null ? null : Math.max(0, Math.ceil((retry_at - now) / 1000));
}

/** What is going on, in a sentence for people. */
export function describeConnection(connection: ConnectionInfo, now: EpochMs): string {
  const { state, attempt, reason, caught_up } = connection;
  const wait = secondsToRetry(connection, now);
  switch (state) {
    case "idle":
      return reason === null ? "Not connected" : `Not connected: ${reason}`;
    case "connecting":
      return attempt > 1 ? `Attempt ${attempt}` : "Asking the server";
    case "live":
      if (connection.stalled_since !== null) return "Connected, and the server itself gets nothing now";
      return caught_up > 0 ? `Live, ${caught_up} missed readings caught up` : "Live";
    case "recovering":
      return `Attempt ${attempt}`;
    case "backing_off":
      return `${reason ?? "The connection was lost"}; next try in ${wait} s`;
    case "offline":
      return `No network; next try in ${wait} s`;
    case "denied":
      return reason ?? "The server does not let this session in";
  }
}

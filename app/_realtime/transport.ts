import type { EpochMs } from "../../lib/domain/time.ts";
import type { ClientMessage } from "../../lib/protocol/client-message.ts";
import type { ServerMessage } from "../../lib/protocol/messages.ts";

/** Who the client is: a token for programs and embedded pages, the session's cookie otherwise. */
export type Credentials = { token: string | (() => string | Promise<string>) } | { cookie: true };

export interface TransportTarget {
  /** Origin of the server, without a path. */
  url: string;
  /** Part of the raw WebSocket's path; Socket.IO does without. */
  tenant_id?: string;
  credentials: Credentials;
}

/** What a transport tells. After `closed` or `refused` it says nothing more. */
export interface TransportHandlers {
  opened(): void;
  message(message: ServerMessage): void;
  /** A binary batch. */
  binary(bytes: Uint8Array): void;
  closed(code: number, reason: string): void;
  /** The server will not have us, and said why. */
  refused(reason: string): void;
  /** Bytes of payload that came. */
  received(bytes: number): void;
}

/** One attempt at a connection; a new one is made for the next. */
export interface Transport {
  /** In words, for people: "WebSocket", "Socket.IO over polling". */
  readonly name: string;
  send(message: ClientMessage): void;
  /** Ends it at once; no handler is called after that. */
  close(): void;
}

export type TransportFactory = (target: TransportTarget, handlers: TransportHandlers) => Transport;

export interface BrowserClock {
  now(): EpochMs;
}

/** One-shot timers; the platform's by default. */
export interface Timers {
  set(callback: () => void, delay_ms: number): () => void;
}

export const systemTimers: Timers = {
  set(callback, delay_ms) {
    // Beyond 2^31 ms a timer would fire at once.
    const handle = setTimeout(callback, Math.min(Math.max(0, delay_ms), 2 ** 31 - 1));
    return () => clearTimeout(handle);
  },
};

export async function tokenOf(credentials: Credentials): Promise<string | undefined> {
  if (!("token" in credentials)) return undefined;
  return typeof credentials.token === "string" ? credentials.token : credentials.token();
}

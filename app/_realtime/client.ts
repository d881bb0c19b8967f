import { isForesightError } from "../../lib/domain/errors.ts";
import type { EpochMs } from "../../lib/domain/time.ts";
import type { ClientMessage } from "../../lib/protocol/client-message.ts";
import { CHANNELS, type Channel, type Format } from "../../lib/protocol/messages.ts";
import { type BrowserWatch, watchBrowser } from "./browser-events.ts";
import { type ClockOffset, OffsetFilter } from "./clock-offset.ts";
import {
  type Connection,
  type ConnectionEvent,
  initialConnection,
  stepConnection,
} from "./connection-machine.ts";
import { Intake, type StreamEvent } from "./intake.ts";
import { loadedTransport } from "./loaded-transport.ts";
import {
  type BrowserClock,
  type Credentials,
  systemTimers,
  type Timers,
  type Transport,
  type TransportFactory,
} from "./transport.ts";
import { webSocketTransport } from "./websocket-transport.ts";

export const TRANSPORTS = ["socket.io", "websocket", "polling"] as const;
export type TransportKind = (typeof TRANSPORTS)[number];

export interface Subscription {
  channels: Channel[];
  /** Only these; all of them where absent. */
  assets?: string[];
  /** Default `binary`, the smallest. */
  format?: Format;
  /** Messages a second and sensor at most. */
  max_rate?: number;
}

export interface RealtimeClientOptions extends Partial<Subscription> {
  /** Origin of the server; the page's own where absent. */
  url?: string;
  /** Needed for `websocket` only, whose path carries it. */
  tenant_id?: string;
  /** The session's cookie where absent. */
  credentials?: Credentials;
  transport?: TransportKind | TransportFactory;
  /** Whether it comes back by itself; default yes. */
  reconnect?: boolean;
  clock?: BrowserClock;
  random?: () => number;
  timers?: Timers;
  browser?: BrowserWatch;
}

/** The connection as pages show it. Times by this machine's clock. */
export interface ConnectionInfo extends Connection {
  tenant_id: string | undefined;
  /** In words; `null` while there is none. */
  transport: string | null;
  clock: ClockOffset | undefined;
  /** How often the stream could not be resumed and began anew from a snapshot. */
  resets: number;
  /** Readings of this connection that the log had taken before it was live: what a resume caught up. */
  caught_up: number;
  /** Since when the server itself gets nothing from the source of a channel, by this machine's clock. */
  stalled_since: EpochMs | null;
}

export type ClientEvent = StreamEvent | { type: "connection"; connection: ConnectionInfo };

/** A message as it went over the wire: parsed where it is JSON, as bytes where it is a binary batch. */
export interface Frame {
  direction: "in" | "out";
  at: EpochMs;
  type: string;
  content: object | Uint8Array;
}

export interface RealtimeClient {
  /** Opens; comes back by itself until `disconnect`. Does nothing where it is open or opening. */
  connect(): void;
  disconnect(): void;
  /** Tries now instead of at `retry_at`; while live it closes and resumes. */
  retry(): void;
  /** Loses the connection as a broken network would. */
  drop(): void;
  /** Changes what is subscribed; while live at once. */
  subscribe(subscription: Subscription): void;
  setReconnect(reconnects: boolean): void;
  /** @returns whether it could be sent */
  send(message: ClientMessage): boolean;
  connection(): ConnectionInfo;
  cursor(channel: Channel): string | undefined;
  /** The server's time now, as well as it is known. */
  serverNow(): EpochMs;
  on(listener: (event: ClientEvent) => void): () => void;
  /** Every message of the wire; costs nothing without a listener. */
  onFrame(listener: (frame: Frame) => void): () => void;
  readonly received_bytes: number;
}

const PING_FIRST_MS = [0, 400, 800, 1_600];
const PING_EVERY_MS = 10_000;

/**
 * The stream of one tenant: connects, subscribes, resumes, measures the clock. It does nothing before `connect` and
 * touches no browser object before that, so it may be made while a page renders on the server.
 */
export function createRealtimeClient(options: RealtimeClientOptions = {}): RealtimeClient {
  const clock = options.clock ?? { now: () => Date.now() };
  const random = options.random ?? Math.random;
  const timers = options.timers ?? systemTimers;
  const browser = options.browser ?? watchBrowser;
  const openTransport = transportOf(options.transport ?? "socket.io");
  const listeners = new Set<(event: ClientEvent) => void>();
  const frameListeners = new Set<(frame: Frame) => void>();
  const offsets = new OffsetFilter();

  let subscription: Subscription = { ...options, channels: options.channels ?? [...CHANNELS] };
  let connection = initialConnection(clock.now(), options.reconnect ?? true);
  let transport: Transport | undefined;
  let tenant_id = options.tenant_id;
  let received_bytes = 0;
  let resets = 0;
  let caught_up = 0;
  const stalled = new Set<Channel>();
  let stalled_since: EpochMs | null = null;
  let resumed_at = Number.NEGATIVE_INFINITY;
  let cancelWake = () => {};
  let cancelPing = () => {};
  let stopWatching: (() => void) | undefined;

  const emit = (event: ClientEvent) => {
    for (const listener of listeners) listener(event);
  };
  const info = (): ConnectionInfo => ({
    ...connection,
    tenant_id,
    transport: transport?.name ?? null,
    clock: offsets.best,
    resets,
    caught_up,
    stalled_since,
  });
  const tellFrame = (frame: Omit<Frame, "at">) => {
    if (frameListeners.size === 0) return;
    const at = clock.now();
    for (const listener of frameListeners) listener({ ...frame, at });
  };
  const send = (message: ClientMessage): boolean => {
    if (transport === undefined) return false;
    transport.send(message);
    tellFrame({ direction: "out", type: message.type, content: message });
    return true;
  };
  const sendSubscribe = (channels: Channel[]) => {
    if (channels.length === 0) return;
    const { assets, format, max_rate } = subscription;
    const cursors = intake.cursors.of(channels);
    send({
      type: "subscribe",
      channels,
      format: format ?? "binary",
      ...(assets !== undefined && { assets }),
      ...(max_rate !== undefined && { max_rate }),
      ...(cursors !== undefined && { cursors }),
    });
  };
  const ping = () => send({ type: "ping", t: clock.now() });
  const pingFrom = (i: number) => {
    const before = i === 0 ? 0 : (PING_FIRST_MS[i - 1] ?? 0);
    const delay = PING_FIRST_MS[i] === undefined ? PING_EVERY_MS : PING_FIRST_MS[i] - before;
    cancelPing = timers.set(() => {
      ping();
      pingFrom(i + 1);
    }, delay);
  };

  const intake = new Intake({
    event(event) {
      if (event.type === "reset" && event.reason !== "first") resets++;
      if (event.type === "readings")
        caught_up += event.received_at.filter((received_at) => received_at <= resumed_at).length;
      emit(event);
    },
    subscribed(message) {
      tenant_id = message.tenant_id;
      const first = connection.state !== "live";
      // By the server's clock, like `received_at`.
      if (first && message.recovered.sensor_data === true) resumed_at = Date.parse(message.timestamp);
      happen({ type: "subscribed" });
      if (first) pingFrom(0);
    },
    stalled(channel, stands) {
      if (stalled.has(channel) === stands) return;
      if (stands) stalled.add(channel);
      else stalled.delete(channel);
      stalled_since = stalled.size === 0 ? null : (stalled_since ?? clock.now());
      emit({ type: "connection", connection: info() });
    },
    behind: (channel) => sendSubscribe([channel]),
    ping: () => send({ type: "pong" }),
    pong(sent, server) {
      if (sent !== undefined) offsets.add(sent, server, clock.now());
    },
  });
  intake.filtered = subscription.assets !== undefined;
  const lose = (reason: string) => {
    if (transport === undefined) return;
    transport.close();
    happen({ type: "closed", code: 1006, reason });
  };
  const open = () => {
    caught_up = 0;
    stalled.clear();
    stalled_since = null;
    resumed_at = Number.NEGATIVE_INFINITY;
    const url = options.url ?? (typeof location === "undefined" ? "" : location.origin);
    const credentials = options.credentials ?? { cookie: true };
    const current = (act: () => void) => {
      if (transport === attempt) act();
    };
    const guarded = (type: string, content: object | Uint8Array, take: () => void) =>
      current(() => {
        tellFrame({ direction: "in", type, content });
        happen({ type: "frame" });
        take();
      });
    const attempt: Transport = openTransport(
      {
        url: url.replace(/\/$/, ""),
        credentials,
        ...(options.tenant_id !== undefined && { tenant_id: options.tenant_id }),
      },
      {
        opened: () => current(() => happen({ type: "opened" })),
        message: (message) => guarded(message.type, message, () => intake.message(message)),
        binary: (bytes) =>
          guarded("sensor_batch", bytes, () => {
            try {
              intake.binary(bytes);
            } catch (error) {
              if (!isForesightError(error)) throw error;
              // The cursor stands before it, so what was in it comes again.
              lose("The server sent something unreadable");
            }
          }),
        received(bytes) {
          received_bytes += bytes;
        },
        closed: (code, reason) => current(() => happen({ type: "closed", code, reason: phrase(reason) })),
        refused: (reason) => current(() => happen({ type: "refused", reason: phrase(reason) })),
      },
    );
    transport = attempt;
  };

  function happen(event: ConnectionEvent): void {
    const before = connection;
    const step = stepConnection(connection, event, { now: clock.now(), random: random() });
    connection = step.connection;
    if (connection.state !== "live") cancelPing();
    const gone = event.type === "closed" || event.type === "refused";
    if (gone) transport = undefined;
    for (const effect of step.effects) {
      if (effect.type === "open") open();
      else if (effect.type === "subscribe") sendSubscribe(subscription.channels);
      else if (effect.type === "ping") ping();
      else if (effect.type === "close") {
        transport?.close();
        transport = undefined;
      } else if (effect.type === "wake") {
        cancelWake();
        const { at } = effect;
        cancelWake = at === null ? () => {} : timers.set(() => happen({ type: "wake" }), at - clock.now());
      }
    }
    if (before.state !== connection.state || before.attempt !== connection.attempt)
      emit({ type: "connection", connection: info() });
  }

  return {
    connect() {
      stopWatching ??= browser((event) => {
        if (event !== "hidden") happen({ type: event });
      });
      happen({ type: "connect" });
    },
    disconnect() {
      stopWatching?.();
      stopWatching = undefined;
      happen({ type: "disconnect" });
    },
    retry: () => happen({ type: "retry" }),
    drop: () => lose("Dropped by hand"),
    subscribe(next) {
      const left = subscription.channels.filter((channel) => !next.channels.includes(channel));
      // Of assets that were not subscribed nothing is known, so a cursor would leave them out.
      const widened = String(subscription.assets) !== String(next.assets);
      for (const channel of CHANNELS) if (widened || !next.channels.includes(channel)) intake.forget(channel);
      subscription = next;
      intake.filtered = next.assets !== undefined;
      if (connection.state !== "live") return;
      if (left.length > 0) send({ type: "unsubscribe", channels: left });
      sendSubscribe(next.channels);
    },
    setReconnect(reconnects) {
      connection = { ...connection, reconnects };
    },
    send: (message) => connection.state === "live" && send(message),
    connection: info,
    cursor: (channel) => intake.cursors.get(channel),
    serverNow: () => clock.now() - (offsets.best?.offset_ms ?? 0),
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onFrame(listener) {
      frameListeners.add(listener);
      return () => frameListeners.delete(listener);
    },
    get received_bytes() {
      return received_bytes;
    },
  };
}

/** Without its full stop, so that pages can go on after it. */
function phrase(sentence: string): string {
  return sentence.replace(/\.$/, "");
}

/** What opens connections of a kind. */
export function transportOf(transport: TransportKind | TransportFactory): TransportFactory {
  if (typeof transport === "function") return transport;
  if (transport === "websocket") return webSocketTransport;
  return loadedTransport("Socket.IO", async () => {
    const { socketIoTransport } = await import("./socketio-transport.ts");
    return socketIoTransport(transport === "polling" ? ["polling"] : ["websocket", "polling"]);
  });
}

import type { ClientMessage } from "../../lib/protocol/client-message.ts";
import type { ServerMessage } from "../../lib/protocol/messages.ts";
import type { BrowserEvent } from "./browser-events.ts";
import { createRealtimeClient, type RealtimeClientOptions } from "./client.ts";
import type { Timers, TransportFactory, TransportHandlers } from "./transport.ts";

export const START = Date.UTC(2026, 0, 1);

/** A clock with timers that moves only when it is told to. */
export class ManualTime implements Timers {
  private at = START;
  private timers: { due: number; callback: () => void }[] = [];

  now = () => this.at;

  set(callback: () => void, delay_ms: number): () => void {
    const timer = { due: this.at + Math.max(0, delay_ms), callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  advance(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const next = this.timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((other) => other !== next);
      this.at = Math.max(this.at, next.due);
      next.callback();
    }
    this.at = end;
  }
}

/** The server's end of one connection. */
export interface Link {
  sent: ClientMessage[];
  open: boolean;
  handlers: TransportHandlers;
}

/** A client over links that the test plays the server on. */
export function clientOnLinks(options: RealtimeClientOptions = {}) {
  const time = new ManualTime();
  const links: Link[] = [];
  let browserListener: ((event: BrowserEvent) => void) | undefined;
  const transport: TransportFactory = (_target, handlers) => {
    const link: Link = { sent: [], open: true, handlers };
    links.push(link);
    return {
      name: "a test",
      send: (message) => link.sent.push(message),
      close() {
        link.open = false;
      },
    };
  };
  const client = createRealtimeClient({
    transport,
    clock: time,
    timers: time,
    random: () => 0.5,
    browser(listener) {
      browserListener = listener;
      return () => {
        browserListener = undefined;
      };
    },
    ...options,
  });
  const link = () => links.at(-1)!;
  return {
    client,
    time,
    links,
    link,
    browser: (event: BrowserEvent) => browserListener?.(event),
    /** Messages of the newest link that the client sent, of one type. */
    sent: <T extends ClientMessage["type"]>(type: T) =>
      link().sent.filter((message): message is Extract<ClientMessage, { type: T }> => message.type === type),
    say: (message: ServerMessage) => link().handlers.message(message),
    /** Accepts the newest link and confirms its subscription. */
    accept(cursors: Partial<Record<string, string>> = {}, recovered: Partial<Record<string, boolean>> = {}) {
      link().handlers.opened();
      link().handlers.message({
        type: "subscribed",
        version: 1,
        tenant_id: "demo",
        channels: ["sensor_data", "alerts", "health_scores"],
        cursors,
        recovered,
        timestamp: new Date(time.now()).toISOString(),
      });
    },
    lose: (code = 1006) => link().handlers.closed(code, "The connection was lost"),
  };
}

/** A reading in the published form; `t` and `received` in ms after the start. */
export function update(
  sensor_id: string,
  t: number,
  value: number,
  more: { cursor?: string; asset_id?: string; received?: number } = {},
): Extract<ServerMessage, { type: "sensor_update" }> {
  return {
    type: "sensor_update",
    tenant_id: "demo",
    channel: "sensor_data",
    timestamp: new Date(START + t).toISOString(),
    received_at: new Date(START + (more.received ?? t)).toISOString(),
    ...(more.cursor !== undefined && { cursor: more.cursor }),
    data: {
      asset_id: more.asset_id ?? "PUMP-001",
      sensor_id,
      sensor_type: "temperature",
      value,
      unit: "celsius",
      quality: "good",
    },
  };
}

export function alertMessage(
  seq: number,
  id: string,
  state: "open" | "acknowledged" | "cleared" | "resolved" = "open",
  severity: "info" | "warning" | "critical" = "warning",
): Extract<ServerMessage, { type: "alert_triggered" | "alert_updated" }> {
  const at = new Date(START + seq).toISOString();
  return {
    type: state === "open" ? "alert_triggered" : "alert_updated",
    tenant_id: "demo",
    channel: "alerts",
    timestamp: at,
    received_at: at,
    cursor: `alerts:0:${seq + 1}`,
    data: {
      id,
      tenant_id: "demo",
      asset_id: "PUMP-001",
      rule_id: "rule",
      title: `Alert ${id}`,
      severity,
      state,
      metric_value: 91,
      raised_at: at,
      updated_at: at,
      timestamp: at,
      occurrences: 1,
      event: state === "open" ? "raised" : state,
      by: "processor",
      seq,
    },
  };
}

export function healthMessage(asset_id: string, t: number, score: number | null) {
  const at = new Date(START + t).toISOString();
  return {
    type: "health_update",
    tenant_id: "demo",
    channel: "health_scores",
    timestamp: at,
    received_at: at,
    data: { asset_id, score, risk_level: score === null ? null : "low", evidence: [] },
  } satisfies ServerMessage;
}

export function snapshotMessage(
  more: Partial<Extract<ServerMessage, { type: "snapshot" }>> = {},
): Extract<ServerMessage, { type: "snapshot" }> {
  return {
    type: "snapshot",
    tenant_id: "demo",
    timestamp: new Date(START).toISOString(),
    channels: ["sensor_data", "alerts", "health_scores"],
    cursors: { sensor_data: "log:0:100", alerts: "alerts:0:5", health_scores: "health:0:7" },
    assets: [],
    alerts: [],
    ...more,
  };
}

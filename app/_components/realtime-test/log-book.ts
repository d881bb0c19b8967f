import type { Severity } from "../../../lib/domain/alert.ts";
import type { ClientEvent, ConnectionState, Frame } from "../../_realtime/index.ts";
import { formatValue } from "../ui/format.ts";

export interface Entry {
  id: number;
  at: number;
  type: string;
  text: string;
  latency_ms?: number;
  severity?: Severity;
  /** Of the connection rather than of the stream. */
  system?: boolean;
}

/** What the log holds, newest first. */
export interface LogView {
  entries: readonly Entry[];
  /** Readings since the log was cleared, and how many of them are written down. */
  readings: number;
  shown: number;
}

/** Times at which no connection was, `to` open while it lasts. */
export interface Away {
  from: number;
  to: number | null;
}

export interface Journey {
  states: readonly ConnectionState[];
  reconnects: number;
  longest_ms: number;
  away: readonly Away[];
  alerts: readonly { at: number; severity: Severity }[];
}

const MOST = 500;
/** Without a filter so many readings of each telling are written down; more could not be read. */
const SAMPLED = 6;
const TELL_MS = 200;

/**
 * What happened, for people to read: every message but readings, of which a few at a time, or all that match the
 * filter. While paused it goes on writing and shows what it showed.
 */
export class LogBook {
  private entries: Entry[] = [];
  private readings = 0;
  private written = 0;
  private sampled = 0;
  private filter = "";
  private paused = false;
  private next = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();
  private shown: LogView = { entries: [], readings: 0, shown: 0 };
  private travelled: Journey = { states: ["idle"], reconnects: 0, longest_ms: 0, away: [], alerts: [] };
  private been_live = false;

  /** `clock_offset` is this machine's clock minus the server's, ms. */
  constructor(
    private readonly now: () => number,
    private readonly clock_offset: () => number | undefined,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly view = (): LogView => this.shown;
  readonly journey = (): Journey => this.travelled;

  setFilter(filter: string): void {
    this.filter = filter.trim().toLowerCase();
    this.tell();
  }

  setPaused(paused: boolean): void {
    this.paused = paused;
    if (!paused) this.tell();
  }

  clear(): void {
    this.entries = [];
    this.readings = 0;
    this.written = 0;
    this.shown = this.viewNow();
    this.tell();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  frame({ direction, type, content }: Frame): void {
    if (direction !== "in" || content instanceof Uint8Array) return;
    const fields = content as Record<string, unknown>;
    if (type === "head") this.write({ type, text: `${fields.channel} ${fields.cursor}` });
    if (type === "subscribed") {
      const recovered = Object.entries(fields.recovered as Record<string, boolean>)
        .map(([channel, yes]) => `${channel} ${yes ? "resumed" : "anew"}`)
        .join(", ");
      this.write({ type, text: recovered, system: true });
    }
  }

  event(event: ClientEvent): void {
    switch (event.type) {
      case "readings":
        this.readings += event.readings.length;
        for (const [i, { sensor_id, value, unit, quality }] of event.readings.entries()) {
          if (this.filter === "" && this.sampled >= SAMPLED) break;
          const text = `${sensor_id} ${formatValue(value, unit)} ${quality}`;
          if (!this.matches("sensor_update", text)) continue;
          this.sampled++;
          this.written++;
          this.write({ type: "sensor_update", text, ...this.latencyOf(event.received_at[i]) });
        }
        this.schedule();
        break;
      case "alert": {
        const { type, data, received_at } = event.message;
        const { title, asset_id, severity, state } = data;
        this.write({
          type,
          text: `${asset_id}: ${title}, ${severity}, ${state}`,
          severity,
          ...this.latencyOf(Date.parse(received_at)),
        });
        if (type === "alert_triggered")
          this.travel({ alerts: [...this.travelled.alerts, { at: this.now(), severity }].slice(-100) });
        break;
      }
      case "health": {
        const { data, received_at } = event.message;
        const text =
          data.score === null
            ? `${data.asset_id} withheld: ${data.reason ?? "too little data"}`
            : `${data.asset_id} score ${Math.round(data.score)} ${data.risk_level}`;
        this.write({ type: "health_update", text, ...this.latencyOf(Date.parse(received_at)) });
        break;
      }
      case "snapshot": {
        const { assets, alerts } = event.message;
        this.write({
          type: "snapshot",
          text: `${assets.length} assets, ${alerts.length} alerts not resolved`,
          system: true,
        });
        break;
      }
      case "reset":
        this.write({ type: "reset", text: `${event.channel}: ${event.reason}`, system: true });
        break;
      case "conflated":
        this.write({
          type: "conflated",
          text: `${event.channel}: ${event.dropped} left out, this client was too slow`,
          system: true,
        });
        break;
      case "error":
        this.write({ type: "error", text: `${event.code}: ${event.message}`, system: true });
        break;
      case "connection":
        this.connected(event.connection.state, event.connection.attempt, event.connection.reason);
        break;
      case "duplicates":
        break;
    }
  }

  private connected(state: ConnectionState, attempt: number, reason: string | null): void {
    const { states, away, reconnects, longest_ms } = this.travelled;
    const now = this.now();
    const open = away.at(-1);
    const lasted = open !== undefined && open.to === null ? now - open.from : undefined;
    if (state === "live") {
      const gone = lasted === undefined ? "" : `, ${(lasted / 1000).toFixed(1)} s away`;
      this.write({ type: "connection", text: `Live at attempt ${attempt}${gone}`, system: true });
      this.travel({
        reconnects: reconnects + (this.been_live ? 1 : 0),
        longest_ms: Math.max(longest_ms, lasted ?? 0),
        away: away.map((one) => (one.to === null ? { ...one, to: now } : one)),
      });
      this.been_live = true;
    } else {
      const words: Record<Exclude<ConnectionState, "live">, string> = {
        idle: reason === null ? "Disconnected by hand" : `Disconnected: ${reason}`,
        connecting: `Attempt ${attempt}`,
        recovering: `Attempt ${attempt} to resume`,
        backing_off: `Lost: ${reason ?? "no reason given"}`,
        offline: "Lost, and the browser has no network",
        denied: `Refused: ${reason ?? "no reason given"}`,
      };
      this.write({ type: "connection", text: words[state], system: true });
      if (states.at(-1) === "live") this.travel({ away: [...away, { from: now, to: null }].slice(-20) });
    }
    if (states.at(-1) !== state) this.travel({ states: [...states, state].slice(-5) });
  }

  private travel(change: Partial<Journey>): void {
    this.travelled = { ...this.travelled, ...change };
    this.schedule();
  }

  private latencyOf(received_at: number | undefined): { latency_ms?: number } {
    const offset = this.clock_offset();
    if (offset === undefined || received_at === undefined) return {};
    return { latency_ms: Math.max(0, this.now() - offset - received_at) };
  }

  private matches(type: string, text: string): boolean {
    return this.filter === "" || `${type} ${text}`.toLowerCase().includes(this.filter);
  }

  private write(entry: Omit<Entry, "id" | "at">): void {
    this.entries.push({ ...entry, id: this.next++, at: this.now() });
    // Cut now and then rather than at each entry.
    if (this.entries.length > MOST * 2) this.entries = this.entries.slice(-MOST);
    this.schedule();
  }

  private viewNow(): LogView {
    const entries = this.entries
      .slice(-MOST)
      .filter(({ type, text }) => this.matches(type, text))
      .reverse();
    return { entries, readings: this.readings, shown: this.written };
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => this.tell(), TELL_MS);
  }

  private tell(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sampled = 0;
    if (!this.paused) this.shown = this.viewNow();
    for (const listener of this.listeners) listener();
  }
}

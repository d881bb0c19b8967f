import { WebSocket } from "ws";
import type { SequenceChecker } from "../../../lib/testing/sequence-checker.ts";
import type { Series } from "./series.ts";

interface Message {
  type: string;
  timestamp: string;
  channel?: string;
  cursor?: string;
  cursors?: Record<string, string>;
  reason?: string;
  stalled?: boolean;
  data?: { asset_id: string; seq: number };
}

const RECONNECT_MS = 200;

/**
 * A client written from the guide alone: raw WebSocket, published messages, resumes with its last cursors on the next
 * instance when a connection ends, drops what a resume repeats of the tick at its cursor.
 */
export class StreamReader {
  live = false;
  /** What the server says of its source: the log does not answer it. */
  stalled = false;
  connections = 0;
  last_close: number | undefined;
  /** Longest time without a connection that is live, ms. */
  longest_gap_ms = 0;
  readonly alert_seqs: number[] = [];
  private readonly cursors: Record<string, string> = {};
  /** Readings since the last cursor: only these may come again after a resume. */
  private since_cursor = new Set<string>();
  private repeatable = new Set<string>();
  private socket: WebSocket | undefined;
  private ended = false;
  private turn: number;
  private down_since: number | undefined;
  private begun = false;

  constructor(
    private readonly options: {
      name: string;
      tenant: string;
      token: string;
      urls(): string[];
      checker: SequenceChecker;
      series: Series;
      /** Which of the instances it begins with. */
      first?: number;
    },
  ) {
    this.turn = options.first ?? 0;
    this.connect();
  }

  get name(): string {
    return this.options.name;
  }

  close(): void {
    this.ended = true;
    this.socket?.terminate();
  }

  /** Leaves and resumes on the next instance. */
  move(): void {
    this.turn++;
    this.socket?.terminate();
  }

  private connect(): void {
    if (this.ended) return;
    const urls = this.options.urls();
    const url = urls[this.turn % Math.max(1, urls.length)];
    if (url === undefined) {
      setTimeout(() => this.connect(), RECONNECT_MS);
      return;
    }
    const { tenant, token } = this.options;
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws/dashboard/${tenant}?token=${token}`, {
      handshakeTimeout: 5_000,
    });
    this.socket = socket;
    this.repeatable = new Set(this.since_cursor);
    socket.on("open", () => {
      this.connections++;
      socket.send(
        JSON.stringify({
          type: "subscribe",
          channels: ["sensor_data", "alerts"],
          ...(this.begun && { cursors: this.cursors }),
        }),
      );
    });
    socket.on("message", (data) => this.take(JSON.parse(String(data)) as Message));
    socket.on("error", () => undefined);
    socket.on("close", (code) => {
      if (this.live) this.down_since = performance.now();
      this.live = false;
      this.last_close = code;
      this.turn++;
      setTimeout(() => this.connect(), RECONNECT_MS);
    });
  }

  private take(message: Message): void {
    const { checker, series, name } = this.options;
    if (message.type === "sensor_update") {
      const asset = message.data!.asset_id;
      const n = series.numberOf(message.timestamp);
      const id = `${asset} ${n}`;
      checker.delivered(name, asset, n, this.repeatable.has(id));
      this.since_cursor.add(id);
    } else if (message.type === "alert_triggered" || message.type === "alert_updated")
      this.alert_seqs.push(message.data!.seq);
    else if (message.type === "reset" && message.reason !== "first") checker.reset(name);
    else if (message.type === "head" && message.channel === "sensor_data")
      this.stalled = message.stalled === true;
    else if (message.type === "subscribed") {
      this.live = true;
      this.begun = true;
      if (this.down_since !== undefined)
        this.longest_gap_ms = Math.max(this.longest_gap_ms, performance.now() - this.down_since);
      this.down_since = undefined;
      for (const [channel, cursor] of Object.entries(message.cursors ?? {})) this.cursors[channel] ??= cursor;
    }
    if (message.cursor !== undefined && message.channel !== undefined) {
      this.cursors[message.channel] = message.cursor;
      if (message.type === "sensor_update") this.since_cursor = new Set();
    }
  }
}

import { type ClientOptions, WebSocket } from "ws";

/** Knows every reading that reached a client, by its identity; reports what came twice or out of its asset's order. */
export interface Checker {
  readonly distinct: number;
  readonly doubled: number;
  readonly reordered: number;
  readonly live: boolean;
  until(condition: () => boolean, within_ms?: number): Promise<void>;
  close(): void;
}

interface Update {
  type: string;
  timestamp: string;
  channel?: string;
  cursor?: string;
  cursors?: Record<string, string>;
  data: { asset_id: string; sensor_id: string };
}

/**
 * A client written from the guide alone: raw WebSocket, published messages, resumes with its last cursor, drops what
 * a resume repeats of the tick at its cursor.
 */
export function connectChecker(
  url: string,
  tenant: string,
  token: string,
  options: ClientOptions = {},
): Checker {
  const seen = new Set<string>();
  const newest = new Map<string, string>();
  /** Readings since the last cursor: only these may come again after a resume. */
  let sinceCursor = new Set<string>();
  let repeatable = new Set<string>();
  let cursor: string | undefined;
  let doubled = 0;
  let reordered = 0;
  let live = false;
  let closed = false;
  let socket: WebSocket;
  const wakes = new Set<() => void>();

  const take = (message: Update) => {
    if (message.type === "sensor_update") {
      const { asset_id, sensor_id } = message.data;
      const id = `${asset_id}\0${sensor_id}\0${message.timestamp}`;
      if (seen.has(id)) {
        if (!repeatable.has(id)) doubled++;
      } else {
        const series = `${asset_id}\0${sensor_id}`;
        if (message.timestamp <= (newest.get(series) ?? "")) reordered++;
        newest.set(series, message.timestamp);
        seen.add(id);
        sinceCursor.add(id);
      }
    }
    if (message.cursor !== undefined && message.channel === "sensor_data") {
      cursor = message.cursor;
      if (message.type === "sensor_update") sinceCursor = new Set();
    }
    if (message.type === "subscribed") {
      live = true;
      cursor ??= message.cursors?.sensor_data;
    }
    for (const wake of wakes) wake();
  };

  const connect = () => {
    repeatable = new Set(sinceCursor);
    socket = new WebSocket(`${url.replace("http", "ws")}/ws/dashboard/${tenant}?token=${token}`, options);
    socket.on("open", () =>
      socket.send(
        JSON.stringify({
          type: "subscribe",
          channels: ["sensor_data"],
          ...(cursor && { cursors: { sensor_data: cursor } }),
        }),
      ),
    );
    socket.on("message", (data) => take(JSON.parse(String(data)) as Update));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      live = false;
      if (!closed) setTimeout(connect, 200);
    });
  };
  connect();

  return {
    get distinct() {
      return seen.size;
    },
    get doubled() {
      return doubled;
    },
    get reordered() {
      return reordered;
    },
    get live() {
      return live;
    },
    async until(condition, within_ms = 60_000) {
      const deadline = Date.now() + within_ms;
      while (!condition()) {
        if (Date.now() > deadline)
          throw new Error(`Not reached: ${seen.size} distinct, ${doubled} doubled, ${reordered} reordered`);
        await new Promise<void>((resolve) => {
          const wake = () => {
            wakes.delete(wake);
            clearTimeout(timer);
            resolve();
          };
          const timer = setTimeout(wake, 250);
          wakes.add(wake);
        });
      }
    },
    close() {
      closed = true;
      socket.close();
    },
  };
}

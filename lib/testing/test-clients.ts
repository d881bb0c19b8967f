import { io, type Socket } from "socket.io-client";
import { WebSocket } from "ws";
import type { ErrorCode } from "../domain/errors.ts";
import type { Reading } from "../domain/reading.ts";
import { decodeBinaryBatch, decodeSensorBatch } from "../protocol/codec.ts";
import { type Channel, CLOSE, type ServerMessage } from "../protocol/messages.ts";

export interface ClientTarget {
  url: string;
  tenant_id: string;
  token: string;
  /** The socket that has this channel alone, instead of the dashboard. */
  channel?: Channel;
}

/** A client of one of the gateways, for tests. */
export interface TestClient {
  /** Everything that came, in order; binary batches as the messages that they stand for. */
  readonly messages: ServerMessage[];
  send(message: object): void;
  sendText(text: string): void;
  /** Stops reading from the network, and reads on. */
  pause(): void;
  resume(): void;
  /** Close code, or what it would have been on a raw WebSocket; 1006 without one. */
  readonly closed: Promise<{ code: number; reason: string }>;
  close(): void;
}

/** @throws Error with `code`, an error code or HTTP status, where the socket is refused */
export type ConnectClient = (target: ClientTarget) => Promise<TestClient>;

export class Refused extends Error {
  constructor(
    readonly status: number | undefined,
    readonly code: string,
  ) {
    super(`refused: ${status} ${code}`);
  }
}

type Of<T extends ServerMessage["type"]> = ServerMessage & { type: T };

export function of<T extends ServerMessage["type"]>(client: TestClient, type: T): Of<T>[] {
  return client.messages.filter((message): message is Of<T> => message.type === type);
}

/** Resolves when the condition holds; looks again every few milliseconds. */
export async function until(
  condition: () => boolean,
  what = "the condition",
  within_ms = 10_000,
): Promise<void> {
  const deadline = Date.now() + within_ms;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Not within ${within_ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

/** The values of all readings that came, in order, whatever form they came in. */
export function valuesOf(client: TestClient): number[] {
  return client.messages.flatMap((message) => {
    if (message.type === "sensor_update") return [message.data.value];
    return message.type === "sensor_batch"
      ? decodeSensorBatch(message).readings.map(({ value }) => value)
      : [];
  });
}

/** A binary batch as the JSON batch that says the same. */
function batchOf(bytes: Uint8Array): Of<"sensor_batch"> {
  const { tenant_id, timestamp, cursor, readings, received_at } = decodeBinaryBatch(bytes);
  const series = readings.map(
    ({ asset_id, sensor_id, sensor_type, unit }: Reading): [string, string, string, string] => [
      asset_id,
      sensor_id,
      sensor_type,
      unit,
    ],
  );
  return {
    type: "sensor_batch",
    tenant_id,
    channel: "sensor_data",
    timestamp,
    series,
    s: readings.map((_, i) => i),
    t: readings.map(({ timestamp: at }) => at),
    r: received_at,
    v: readings.map(({ value }) => value),
    ...(cursor !== undefined && { cursor }),
  };
}

export const connectRaw: ConnectClient = ({ url, tenant_id, token, channel }) =>
  new Promise((resolve, reject) => {
    const path = channel === undefined ? "dashboard" : channel;
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws/${path}/${tenant_id}?token=${token}`);
    const messages: ServerMessage[] = [];
    const closed = new Promise<{ code: number; reason: string }>((done) =>
      socket.on("close", (code, reason) => done({ code, reason: String(reason) })),
    );
    socket.on("message", (data: Buffer, is_binary) =>
      messages.push(is_binary ? batchOf(new Uint8Array(data)) : (JSON.parse(String(data)) as ServerMessage)),
    );
    socket.on("error", (error) => reject(error));
    socket.on("unexpected-response", (_, response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () =>
        reject(new Refused(response.statusCode, (JSON.parse(body) as { code: string }).code)),
      );
    });
    socket.on("open", () =>
      resolve({
        messages,
        send: (message) => socket.send(JSON.stringify(message)),
        sendText: (text) => socket.send(text),
        pause: () => socket.pause(),
        resume: () => socket.resume(),
        closed,
        close: () => socket.terminate(),
      }),
    );
  });

const CODE_OF: Partial<Record<ErrorCode, number>> = {
  unauthorized: CLOSE.REVOKED,
  slow_consumer: CLOSE.SLOW_CONSUMER,
  shutting_down: CLOSE.SHUTTING_DOWN,
};

export function connectSocketIo(transport: "websocket" | "polling", upgrade = false): ConnectClient {
  return ({ url, token, channel }) =>
    new Promise((resolve, reject) => {
      const socket: Socket = io(`${url}/${channel ?? "dashboard"}`, {
        transports: upgrade ? ["polling", "websocket"] : [transport],
        upgrade,
        reconnection: false,
        forceNew: true,
        auth: { token },
      });
      const messages: ServerMessage[] = [];
      socket.onAny((_event: string, payload: ServerMessage | Uint8Array) =>
        messages.push(payload instanceof Uint8Array ? batchOf(payload) : payload),
      );
      const closed = new Promise<{ code: number; reason: string }>((done) =>
        socket.on("disconnect", (reason) => {
          const last = messages.at(-1);
          const code = last?.type === "error" ? CODE_OF[last.code] : undefined;
          done({ code: code ?? 1006, reason: last?.type === "error" ? last.message : reason });
        }),
      );
      socket.on("connect_error", (error: Error & { data?: { code: string } }) => {
        socket.disconnect();
        reject(new Refused(undefined, error.data?.code ?? error.message));
      });
      const network = () => (socket.io.engine.transport as unknown as { ws: WebSocket }).ws;
      socket.on("connect", () =>
        resolve({
          messages,
          send: ({ type, ...rest }: { type?: string }) => socket.emit(type ?? "", rest),
          sendText: (text) => socket.send(text),
          pause: () => network().pause(),
          resume: () => network().resume(),
          closed,
          close: () => socket.disconnect(),
        }),
      );
    });
}

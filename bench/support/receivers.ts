/**
 * A process of many light WebSocket clients: it does the handshake, splits frames, counts the readings in each by
 * what the frame itself says, and decodes every frame of its first client wholly. Reports to its parent.
 */
import { connect, type Socket } from "node:net";
import { decodeBinaryBatch } from "../../lib/protocol/codec.ts";
import { clientFrame, FrameReader } from "./frames.ts";

export type Wire = "socket.io" | "ws-message" | "ws-batch" | "ws-binary" | "naive";

export interface ReceiverPlan {
  url: string;
  wire: Wire;
  /** One for each client. */
  tokens: string[];
  tenant: string;
  /** Idle: connects and says nothing, for the measure of memory. */
  idle?: boolean;
}

export interface ReceiverReport {
  ready: number;
  /** Readings received by the client that has the fewest. */
  least: number;
  total: number;
  bytes: number;
  /** Anything that means that not every reading was delivered on its own: conflated, reset, error, closed. */
  faults: string[];
  /** Milliseconds from `received_at` (ingest's acknowledgement) to here, of the last reading of sampled frames. */
  latencies: number[];
}

const plan = await new Promise<ReceiverPlan>((resolve) =>
  process.once("message", (message) => resolve(message as ReceiverPlan)),
);
const { hostname, port } = new URL(plan.url);
const counts = new Array<number>(plan.tokens.length).fill(0);
const report: Omit<ReceiverReport, "least" | "total"> = { ready: 0, bytes: 0, faults: [], latencies: [] };
const SOCKET_IO = plan.wire === "socket.io" || plan.wire === "naive";
const subscription = {
  type: "subscribe",
  channels: ["sensor_data"],
  ...(plan.wire === "ws-batch" && { format: "batch" }),
  ...(plan.wire === "ws-binary" && { format: "binary" }),
};
/** Handshakes under way at once: fewer than the 511 connections that Node lets wait to be accepted. */
const HANDSHAKES = 200;
const RECEIVED_AT = Buffer.from('"received_at":"');

function fault(what: string): void {
  if (report.faults.length < 10) report.faults.push(what);
}

function sample(received_at: number): void {
  if (report.latencies.length < 200_000) report.latencies.push(Date.now() - received_at);
}

function sampleText(payload: Buffer): void {
  const at = payload.indexOf(RECEIVED_AT);
  if (at >= 0)
    sample(Date.parse(payload.toString("latin1", at + RECEIVED_AT.length, at + RECEIVED_AT.length + 24)));
}

const prefixed = (payload: Buffer, prefix: string) =>
  payload.length >= prefix.length && payload.toString("latin1", 0, prefix.length) === prefix;

/** What the frame of one reading begins with, and where the byte stands that tells it from the others. */
const [EVENT, TELLING] = (
  {
    naive: ['42["sensor_update"', 11],
    "socket.io": ['42/dashboard,["sensor_update"', 22],
    "ws-message": ['{"type":"sensor_update"', 16],
    "ws-batch": ['{"type":"sensor_batch"', 16],
    "ws-binary": ["\x11", 0],
  } as const
)[plan.wire];
const TELLING_BYTE = EVENT.charCodeAt(TELLING);
const FIRST_BYTE = EVENT.charCodeAt(0);
const SECOND_BYTE = EVENT.charCodeAt(1);
const UNDERSCORE = "_".charCodeAt(0);
let frames = 0;

/** Counts a frame of one reading without making anything of it; @returns false for every other frame */
function countsAsReading(client: number, opcode: number, bytes: Buffer, from: number, to: number): boolean {
  if (opcode !== 1 || plan.wire === "ws-batch") return false;
  if (bytes[from + TELLING] !== TELLING_BYTE || bytes[from + TELLING - 1] !== UNDERSCORE) return false;
  if (bytes[from] !== FIRST_BYTE || bytes[from + 1] !== SECOND_BYTE) return false;
  frames++;
  if (frames % 997 === 0) {
    const payload = bytes.subarray(from, to);
    if (!prefixed(payload, EVENT)) return false;
    sampleText(payload);
  }
  counts[client]!++;
  return true;
}

/** @returns how many readings the frame holds */
function readingsIn(client: number, opcode: number, payload: Buffer, socket: Socket): number {
  frames++;
  if (opcode === 9) {
    socket.write(clientFrame(10, Buffer.from(payload)));
    return 0;
  }
  if (opcode === 8) {
    fault(`closed ${payload.length >= 2 ? payload.readUInt16BE(0) : ""}`);
    return 0;
  }
  if (opcode === 2) {
    const batch = decodeBinaryBatch(new Uint8Array(payload.buffer, payload.byteOffset, payload.length));
    const newest = batch.received_at?.at(-1);
    if (client === 0 && newest !== undefined) sample(newest);
    return batch.readings.length;
  }
  if (SOCKET_IO) {
    const text = payload.toString();
    if (text === "2") socket.write(clientFrame(1, "3"));
    else if (text.startsWith("0{"))
      socket.write(
        clientFrame(
          1,
          plan.wire === "naive" ? "40" : `40/dashboard,${JSON.stringify({ token: plan.tokens[client] })}`,
        ),
      );
    else if (text.startsWith("40/dashboard,") && !plan.idle)
      socket.write(clientFrame(1, `42/dashboard,["subscribe",${JSON.stringify(subscription)}]`));
    else if (text.startsWith("40") && (plan.wire === "naive" || plan.idle)) report.ready++;
    else if (text.includes('"subscribed"')) report.ready++;
    else if (/"(conflated|error)"/.test(text)) fault(text.slice(0, 200));
    return 0;
  }
  if (prefixed(payload, '{"type":"sensor_batch"')) {
    const batch = JSON.parse(payload.toString()) as { t: number[]; r: number[] };
    if (client === 0) sample(batch.r.at(-1)!);
    return batch.t.length;
  }
  if (prefixed(payload, '{"type":"subscribed"')) report.ready++;
  else if (prefixed(payload, '{"type":"ping"')) socket.write(clientFrame(1, '{"type":"pong"}'));
  else if (prefixed(payload, '{"type":"conflated"') || prefixed(payload, '{"type":"error"'))
    fault(payload.toString().slice(0, 200));
  return 0;
}

function path(token: string): string {
  return SOCKET_IO ? "/socket.io/?EIO=4&transport=websocket" : `/ws/dashboard/${plan.tenant}?token=${token}`;
}

function open(client: number): void {
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  const reader = new FrameReader();
  let shaken = false;
  socket.write(
    `GET ${path(plan.tokens[client]!)} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
  );
  let greeting = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    report.bytes += chunk.length;
    let body = chunk;
    if (!shaken) {
      greeting = Buffer.concat([greeting, chunk]);
      const end = greeting.indexOf("\r\n\r\n");
      if (end < 0) return;
      if (!greeting.subarray(0, 12).equals(Buffer.from("HTTP/1.1 101")))
        fault(greeting.toString().slice(0, 300));
      shaken = true;
      openNext();
      body = greeting.subarray(end + 4);
      if (!SOCKET_IO) {
        if (plan.idle) report.ready++;
        else socket.write(clientFrame(1, JSON.stringify(subscription)));
      }
    }
    if (body.length > 0)
      reader.push(body, (opcode, bytes, from, to) => {
        if (!countsAsReading(client, opcode, bytes, from, to))
          counts[client]! += readingsIn(client, opcode, bytes.subarray(from, to), socket);
      });
  });
  socket.on("error", (error) => fault(error.message));
  socket.on("close", () => fault("closed"));
}

let opened = 0;
function openNext(): void {
  if (opened < plan.tokens.length) open(opened++);
}
for (let i = 0; i < HANDSHAKES; i++) openNext();
setInterval(() => {
  process.send?.({
    ...report,
    least: Math.min(...counts),
    total: counts.reduce((sum, count) => sum + count, 0),
  } satisfies ReceiverReport);
  report.latencies = [];
}, 10);
process.on("disconnect", () => process.exit());

import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ErrorCode } from "../domain/errors.ts";

/** A refusal as it is answered over HTTP: RFC 9457 problem details. */
export interface Refusal {
  status: number;
  code: ErrorCode;
  detail: string;
  retry_after_s?: number;
}

function bodyOf({ status, code, detail }: Refusal): string {
  return `${JSON.stringify({ type: `urn:foresight:problem:${code}`, title: STATUS_CODES[status], status, code, detail })}\n`;
}

function headersOf(refusal: Refusal, body: string): Record<string, string> {
  return {
    "Content-Type": "application/problem+json",
    "Content-Length": String(Buffer.byteLength(body)),
    "Cache-Control": "no-store",
    Connection: "close",
    ...(refusal.status === 401 && { "WWW-Authenticate": "Bearer" }),
    ...(refusal.retry_after_s !== undefined && { "Retry-After": String(refusal.retry_after_s) }),
  };
}

/** Answers an upgrade request with a refusal and ends the connection. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = bodyOf(refusal);
  const lines = Object.entries(headersOf(refusal, body)).map(([name, value]) => `${name}: ${value}`);
  socket.once("finish", () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${lines.join("\r\n")}\r\n\r\n${body}`,
  );
}

export function refuseRequest(response: ServerResponse, refusal: Refusal): void {
  const body = bodyOf(refusal);
  response.writeHead(refusal.status, headersOf(refusal, body)).end(body);
}

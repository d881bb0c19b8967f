import type { ServerMessage } from "../../lib/protocol/messages.ts";
import { type Credentials, type Transport, type TransportFactory, tokenOf } from "./transport.ts";

/** What a socket may be opened with, or that it may not. */
type Pass = { query: string } | { refused: string };

/**
 * A raw WebSocket on `/ws/dashboard/{tenant_id}`. A browser cannot see why a handshake was refused and should not
 * put a long-lived secret into an address, so credentials are first exchanged for a single-use ticket; where
 * there is no such route (a foreign origin, say), a token goes into the address as it did from the beginning.
 */
export const webSocketTransport: TransportFactory = (target, handlers): Transport => {
  let socket: WebSocket | undefined;
  let over = false;
  const end = (tell: () => void) => {
    if (over) return;
    over = true;
    tell();
  };
  const open = (query: string) => {
    const base = target.url.replace(/^http/, "ws");
    socket = new WebSocket(`${base}/ws/dashboard/${encodeURIComponent(target.tenant_id ?? "")}?${query}`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      if (!over) handlers.opened();
    };
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (over) return;
      handlers.received(typeof data === "string" ? data.length : data.byteLength);
      if (typeof data !== "string") return handlers.binary(new Uint8Array(data));
      const message = parse(data);
      if (message !== undefined) handlers.message(message);
    };
    socket.onclose = ({ code, reason }) =>
      end(() => handlers.closed(code, reason || "The connection was lost"));
  };
  passFor(target.url, target.credentials).then(
    (pass) => {
      if (over) return;
      if ("refused" in pass) end(() => handlers.refused(pass.refused));
      else open(pass.query);
    },
    () => end(() => handlers.closed(1006, "The server could not be reached")),
  );
  return {
    name: "WebSocket",
    send(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    close() {
      over = true;
      socket?.close(1000);
    },
  };
};

async function passFor(url: string, credentials: Credentials): Promise<Pass> {
  const token = await tokenOf(credentials);
  const byToken = token === undefined ? undefined : { query: `token=${encodeURIComponent(token)}` };
  let answer: Response;
  try {
    answer = await fetch(`${url}/api/tickets`, {
      method: "POST",
      ...(token === undefined
        ? { credentials: "include" as const }
        : { headers: { authorization: `Bearer ${token}` } }),
    });
  } catch (error) {
    if (byToken !== undefined) return byToken;
    throw error;
  }
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok && typeof body === "object" && body !== null && "ticket" in body)
    return { query: `ticket=${encodeURIComponent(String(body.ticket))}` };
  if (answer.status === 401 || answer.status === 403) return { refused: detailOf(body) };
  if (byToken !== undefined) return byToken;
  throw new Error(`POST /api/tickets answered ${answer.status}`);
}

function detailOf(problem: unknown): string {
  if (typeof problem === "object" && problem !== null && "detail" in problem) return String(problem.detail);
  return "The server did not accept the credentials";
}

function parse(text: string): ServerMessage | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === "object" && message !== null && "type" in message
      ? (message as ServerMessage)
      : undefined;
  } catch {
    return undefined;
  }
}

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { type ErrorCode, ForesightError, isForesightError } from "../domain/errors.ts";
import type { Principal } from "../domain/identity.ts";
import { tenantIdSchema } from "../domain/identity-schema.ts";
import type { Logger, Metrics } from "../ports/system.ts";
import { CHANNELS } from "../protocol/messages.ts";
import type { Realtime } from "../realtime/realtime.ts";
import type { SessionOptions } from "../realtime/session.ts";
import { type Admission, textOrNothing } from "./admission.ts";
import { BoundedWebSocketServer } from "./bounded-websocket.ts";
import { type Refusal, refuseUpgrade } from "./http-answers.ts";
import type { Place } from "./open-sockets.ts";
import { RawConnection } from "./raw-connection.ts";
import { RawConversation } from "./raw-conversation.ts";

const PATH = /^\/ws\/(dashboard|alerts)\/([^/]+)\/?$/;
const SESSIONS: Record<string, SessionOptions> = {
  dashboard: { channels: CHANNELS },
  alerts: { channels: ["alerts"], unasked: ["alerts"] },
};
const KEY = /^[+/0-9A-Za-z]{22}==$/;
const STATUS: Partial<Record<ErrorCode, number>> = {
  unauthorized: 401,
  forbidden: 403,
  invalid_request: 400,
  not_found: 404,
  rate_limited: 429,
  too_many: 429,
  unavailable: 503,
  shutting_down: 503,
};

export const HOW_TO_CONNECT =
  "This address speaks WebSocket: connect with `new WebSocket('ws://<host>/ws/dashboard/<tenant>?token=<token>')`; " +
  "by hand, curl needs `-H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' " +
  "-H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='` and `--http1.1 -N`.";

interface RawGatewayOptions {
  realtime: Realtime;
  admission: Admission;
  logger: Logger;
  metrics: Metrics;
  message_bytes: number;
}

/** `/ws/dashboard/{tenant}` and `/ws/alerts/{tenant}`: WebSocket for any client in any language. */
export class RawGateway {
  private readonly server: BoundedWebSocketServer;
  private readonly conversations = new Map<WebSocket, RawConversation>();
  private readonly listeners = listenersOf(this.conversations);

  constructor(private readonly options: RawGatewayOptions) {
    this.server = new BoundedWebSocketServer({ noServer: true, maxPayload: options.message_bytes });
  }

  get size(): number {
    return this.conversations.size;
  }

  async upgrade(request: IncomingMessage, url: URL, socket: Duplex, head: Buffer): Promise<void> {
    try {
      await this.open(request, url, socket, head);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.status === 500)
        this.options.logger.error({ error: String(error) }, "opening a socket failed");
      this.options.metrics.increment("foresight_handshakes_refused_total", { code: refusal.code });
      refuseUpgrade(socket, refusal);
    }
  }

  /** Asks every socket whether it is there, and ends those that have not said anything for long. */
  heartbeat(): void {
    for (const conversation of this.conversations.values()) conversation.heartbeat();
  }

  close(): void {
    this.server.close();
  }

  private async open(request: IncomingMessage, url: URL, socket: Duplex, head: Buffer): Promise<void> {
    const { admission } = this.options;
    const match = PATH.exec(url.pathname);
    const tenant_id = match === null ? undefined : decoded(match[2]!);
    if (match === null) throw new ForesightError("not_found", `There is no such socket. ${HOW_TO_CONNECT}`);
    if (!tenantIdSchema.safeParse(tenant_id).success)
      throw new ForesightError("invalid_request", "The path names no possible tenant.");
    if (request.method !== "GET" || !KEY.test(request.headers["sec-websocket-key"] ?? ""))
      throw new ForesightError(
        "invalid_request",
        `The request has no usable Sec-WebSocket-Key header. ${HOW_TO_CONNECT}`,
      );
    if (!admission.originAllowed(request.headers))
      throw new ForesightError(
        "forbidden",
        "Pages of this origin may not open sockets here (ALLOWED_ORIGINS).",
      );
    const { principal, place } = await admission.admit(
      {
        authorization: request.headers.authorization,
        token: textOrNothing(url.searchParams.get("token")),
        ticket: textOrNothing(url.searchParams.get("ticket")),
        cookie: request.headers.cookie,
      },
      { address: admission.address(request), origin_known: request.headers.origin !== undefined },
    );
    let opened = false;
    try {
      if (principal.tenant_id !== tenant_id)
        throw new ForesightError("forbidden", "This credential does not open that tenant.");
      this.server.handleUpgrade(request, socket, head, (websocket) => {
        opened = true;
        this.converse(websocket, principal, place, SESSIONS[match[1]!]!);
      });
    } finally {
      if (!opened) place.leave();
    }
  }

  private converse(websocket: WebSocket, principal: Principal, place: Place, options: SessionOptions): void {
    const connection = new RawConnection(principal, websocket);
    place.fill(connection);
    const session = this.options.realtime.open(connection, options);
    this.conversations.set(websocket, new RawConversation(connection, session, place, this.options.metrics));
    const { error, message, close } = this.listeners;
    websocket.on("error", error);
    websocket.on("message", message);
    websocket.on("close", close);
  }
}

/** One set of listeners for all sockets: `ws` calls them with the socket as `this`. */
function listenersOf(conversations: Map<WebSocket, RawConversation>) {
  return {
    // The parser closes with the right code itself; the error is only its reason.
    error: () => undefined,
    message(this: WebSocket, data: Buffer, is_binary: boolean) {
      conversations.get(this)?.receive(data, is_binary);
    },
    close(this: WebSocket) {
      conversations.get(this)?.end();
      conversations.delete(this);
    },
  };
}

function refusalOf(error: unknown): Refusal {
  if (!isForesightError(error))
    return { status: 500, code: "internal", detail: "The socket could not be opened; try again." };
  const { retry_after_s } = error.options;
  return {
    status: STATUS[error.code] ?? 500,
    code: error.code,
    detail: error.message,
    ...(retry_after_s !== undefined && { retry_after_s }),
  };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

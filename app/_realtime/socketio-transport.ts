import { io } from "socket.io-client";
import type { ErrorCode } from "../../lib/domain/errors.ts";
import { CLOSE, type ServerMessage } from "../../lib/protocol/messages.ts";
import { type Transport, type TransportFactory, type TransportHandlers, tokenOf } from "./transport.ts";

/** Errors after which the same credentials and request would only be refused again. */
const FINAL: readonly ErrorCode[] = ["unauthorized", "forbidden", "too_many"];

/** Errors that the server sends before it closes, with the close code that a raw WebSocket would get. */
const CODE_OF: Partial<Record<ErrorCode, number>> = {
  unauthorized: CLOSE.REVOKED,
  forbidden: CLOSE.FORBIDDEN,
  too_many: CLOSE.TOO_MANY,
  slow_consumer: CLOSE.SLOW_CONSUMER,
  shutting_down: CLOSE.SHUTTING_DOWN,
};

const LOST = 1006;

/**
 * Socket.IO on the namespace `/dashboard`: WebSocket first and polling where a proxy lets nothing else through, or
 * polling alone. Its own reconnection is off, because the connection machine reconnects. A proxy may refuse a
 * WebSocket (the library then goes on to polling) or swallow it; after an attempt that was swallowed the next one
 * begins with the other kind.
 */
export function socketIoTransport(kinds: ("websocket" | "polling")[] = ["websocket", "polling"]) {
  let order = kinds;
  const factory: TransportFactory = ({ url, credentials }, handlers): Transport => {
    let answered = false;
    const socket = io(`${url}/dashboard`, {
      transports: order,
      tryAllTransports: true,
      upgrade: false,
      reconnection: false,
      forceNew: true,
      withCredentials: "cookie" in credentials,
      auth: (give) => {
        tokenOf(credentials).then(
          (token) => give(token === undefined ? {} : { token }),
          (error: unknown) => refuse(error instanceof Error ? error.message : "No token could be had"),
        );
      },
    });
    let over = false;
    let failure: { code: ErrorCode; message: string } | undefined;
    const end = (tell: () => void) => {
      if (over) return;
      over = true;
      socket.disconnect();
      tell();
    };
    const refuse = (reason: string) => end(() => handlers.refused(reason));

    socket.io.engine?.on("packet", countBytes(handlers));
    socket.on("connect", () => {
      answered = true;
      if (!over) handlers.opened();
    });
    socket.on("connect_error", (error: Error & { data?: { code?: ErrorCode; message?: string } }) => {
      answered = true;
      const { code, message } = error.data ?? {};
      if (code !== undefined && FINAL.includes(code)) refuse(message ?? error.message);
      else end(() => handlers.closed(LOST, "The server could not be reached"));
    });
    socket.on("disconnect", (reason) => {
      const code = failure && CODE_OF[failure.code];
      if (code !== undefined) end(() => handlers.closed(code, failure!.message));
      else end(() => handlers.closed(LOST, DISCONNECTED[reason] ?? "The connection was lost"));
    });
    socket.onAny((event: string, payload: unknown) => {
      if (over) return;
      if (payload instanceof ArrayBuffer) handlers.binary(new Uint8Array(payload));
      else if (ArrayBuffer.isView(payload))
        handlers.binary(new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength));
      else if (typeof payload === "object" && payload !== null) {
        const message = { type: event, ...payload } as ServerMessage;
        if (message.type === "error") failure = message;
        handlers.message(message);
      }
    });

    return {
      get name() {
        const kind = socket.io.engine?.transport?.name;
        return kind === "polling" ? "Socket.IO over polling" : "Socket.IO";
      },
      send({ type, ...payload }) {
        socket.emit(type, payload);
      },
      close() {
        over = true;
        if (!answered) order = order.toReversed();
        socket.disconnect();
      },
    };
  };
  return factory;
}

const DISCONNECTED: Record<string, string> = {
  "io server disconnect": "The server closed the connection",
  "ping timeout": "The server stopped answering",
  "transport close": "The connection was lost",
  "transport error": "The connection was lost",
};

function countBytes({ received }: TransportHandlers) {
  return ({ data }: { data?: unknown }) => {
    if (typeof data === "string") received(data.length);
    else if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) received(data.byteLength);
  };
}

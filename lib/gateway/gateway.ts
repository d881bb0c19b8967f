import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Authenticator } from "../ports/authenticator.ts";
import type { SharedState } from "../ports/shared-state.ts";
import type { Clock, Logger, Metrics } from "../ports/system.ts";
import { LIMITS } from "../protocol/messages.ts";
import type { Realtime } from "../realtime/realtime.ts";
import { Admission } from "./admission.ts";
import { type Refusal, refuseRequest, refuseUpgrade } from "./http-answers.ts";
import { OpenSockets } from "./open-sockets.ts";
import { HEARTBEAT_MS } from "./raw-conversation.ts";
import { HOW_TO_CONNECT, RawGateway } from "./raw-gateway.ts";
import { SocketIoGateway } from "./socketio-gateway.ts";

export interface GatewayOptions {
  realtime: Realtime;
  authenticator: Authenticator;
  shared: Pick<SharedState, "consume" | "takePlace" | "leavePlace" | "onRevocation">;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Further browser origins that may open sockets, besides the server's own. */
  allowed_origins: string[];
  /** How many proxies in front are trusted to append to X-Forwarded-For. */
  trusted_proxies: number;
  /** The address that people open, where it is not the one asked for (behind TLS, say). */
  public_url?: string;
  sockets_per_user?: number;
  message_bytes?: number;
  /** How long a Socket.IO connection may take to join a namespace, ms. */
  connect_within_ms?: number;
  heartbeat_ms?: number;
  check_ms?: number;
  random?: () => number;
}

/** What takes the upgrades of the pages' development server. */
export interface PageUpgrades {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void | Promise<void>;
}

export interface Gateway {
  /** Owns every upgrade of the server from now on; those of `/_next/` go to `next` where there is one. */
  attach(server: Server, next?: PageUpgrades): void;
  /** Call first for each request. @returns whether it was one of the gateway's and has been taken */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
  /** Closes every socket, takes no more, and resolves within 3 s. */
  drain(): Promise<void>;
  counts(): { raw: number; socketio: number };
}

const CHECK_MS = 1_000;

const isUnder = (pathname: string, folder: string) =>
  pathname === folder || pathname.startsWith(`${folder}/`);

/** Both gateways behind one dispatcher of upgrades. */
export function createGateway(options: GatewayOptions): Gateway {
  const { realtime, authenticator, shared, clock, logger, metrics, allowed_origins, trusted_proxies } =
    options;
  const sockets_per_user = options.sockets_per_user ?? LIMITS.sockets_per_user;
  const message_bytes = options.message_bytes ?? LIMITS.message_bytes;
  const random = options.random ?? Math.random;
  const sockets = new OpenSockets({
    authenticator,
    shared,
    clock,
    logger,
    metrics,
    sockets_per_user,
    random,
  });
  const origins = {
    allowed_origins,
    trusted_proxies,
    ...(options.public_url !== undefined && { public_url: options.public_url }),
  };
  const admission = new Admission({ authenticator, shared, metrics, origins, sockets, sockets_per_user });
  const common = { realtime, admission, logger, metrics, message_bytes };
  const raw = new RawGateway(common);
  const socketio = new SocketIoGateway({
    ...common,
    allowed_origins,
    ...(options.connect_within_ms !== undefined && { connect_within_ms: options.connect_within_ms }),
  });
  const timers: NodeJS.Timeout[] = [];
  let deaf: () => void = () => undefined;
  let draining = false;

  /** Why nothing is done with the request, whatever it asks for. */
  function refusalOf(request: IncomingMessage): Refusal | undefined {
    // Who polls is told of its end by its next request.
    if (draining && !urlOf(request)?.searchParams.has("sid"))
      return { status: 503, code: "shutting_down", detail: "The server is restarting.", retry_after_s: 1 };
    if (urlOf(request) === undefined)
      return {
        status: 400,
        code: "invalid_request",
        detail: "The request's target must be a path of this server.",
      };
    if (!admission.originAllowed(request.headers))
      return {
        status: 403,
        code: "forbidden",
        detail: "Pages of this origin may not open sockets here (ALLOWED_ORIGINS).",
      };
    return undefined;
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, next?: PageUpgrades): void {
    socket.on("error", destroyed);
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      metrics.increment("foresight_handshakes_refused_total", { code: refusal.code });
      refuseUpgrade(socket, refusal);
      return;
    }
    const url = urlOf(request)!;
    if (isUnder(url.pathname, "/socket.io")) socketio.upgrade(request, socket, head);
    else if (isUnder(url.pathname, "/ws")) void raw.upgrade(request, url, socket, head);
    else if (isUnder(url.pathname, "/_next") && next !== undefined) void next.upgrade(request, socket, head);
    else
      refuseUpgrade(socket, {
        status: 404,
        code: "not_found",
        detail: `There is no such socket. ${HOW_TO_CONNECT}`,
      });
  }

  return {
    attach(server, next) {
      server.on("upgrade", (request, socket, head) => upgrade(request, socket, head, next));
      timers.push(
        setInterval(() => raw.heartbeat(), options.heartbeat_ms ?? HEARTBEAT_MS),
        setInterval(() => void sockets.check(), options.check_ms ?? CHECK_MS),
      );
      deaf = shared.onRevocation(() => void sockets.check());
    },
    handleRequest(request, response) {
      const pathname = urlOf(request)?.pathname;
      if (pathname === undefined) return false;
      if (isUnder(pathname, "/ws")) {
        refuseRequest(response, { status: 400, code: "invalid_request", detail: HOW_TO_CONNECT });
        return true;
      }
      if (!isUnder(pathname, "/socket.io")) return false;
      const refusal = refusalOf(request);
      if (refusal === undefined) socketio.handleRequest(request, response);
      else refuseRequest(response, refusal);
      return true;
    },
    async drain() {
      draining = true;
      for (const timer of timers.splice(0)) clearInterval(timer);
      deaf();
      await sockets.drain();
      raw.close();
      await socketio.close();
    },
    counts: () => ({ raw: raw.size, socketio: socketio.size }),
  };
}

function destroyed(this: Duplex): void {
  this.destroy();
}

/** `undefined` where the target is not a path (RFC 9112's absolute-form, say): nothing but this server is meant. */
function urlOf({ url }: IncomingMessage): URL | undefined {
  if (url === undefined || !/^\/(?![/\\])/.test(url)) return undefined;
  try {
    return new URL(url, "http://server.invalid");
  } catch {
    return undefined;
  }
}

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { Server as EngineServer } from "engine.io";
import { type Socket, Server as SocketIoServer } from "socket.io";
import { ForesightError, isForesightError } from "../domain/errors.ts";
import type { Principal } from "../domain/identity.ts";
import type { Logger, Metrics } from "../ports/system.ts";
import { CHANNELS } from "../protocol/messages.ts";
import type { Realtime } from "../realtime/realtime.ts";
import type { SessionOptions } from "../realtime/session.ts";
import { type Admission, textOrNothing } from "./admission.ts";
import { BoundedWebSocketServer } from "./bounded-websocket.ts";
import type { Place } from "./open-sockets.ts";
import { SocketIoConnection } from "./socketio-connection.ts";

const NAMESPACES: Record<string, SessionOptions> = {
  "/dashboard": { channels: CHANNELS },
  ...Object.fromEntries(
    CHANNELS.map((channel) => [`/${channel}`, { channels: [channel], unasked: [channel] }]),
  ),
};
/** Together at most 40 s until a dead peer is noticed. */
const HEARTBEAT = { pingInterval: 20_000, pingTimeout: 20_000 };
const CONNECT_WITHIN_MS = 4_500;
const CLOSE_WITHIN_MS = 500;

interface Admitted {
  principal: Principal;
  place: Place;
}

interface SocketIoGatewayOptions {
  realtime: Realtime;
  admission: Admission;
  logger: Logger;
  metrics: Metrics;
  message_bytes: number;
  allowed_origins: string[];
  connect_within_ms?: number;
}

/** Socket.IO: `/dashboard` and a namespace for each channel, over WebSocket and polling. */
export class SocketIoGateway {
  private readonly engine: EngineServer;
  private readonly io: SocketIoServer;
  private open = 0;

  constructor(private readonly options: SocketIoGatewayOptions) {
    this.engine = new EngineServer({
      ...HEARTBEAT,
      transports: ["polling", "websocket"],
      maxHttpBufferSize: options.message_bytes,
      perMessageDeflate: false,
      // The origin of every request is checked before Engine.IO sees it; here again for the handshake alone.
      allowRequest: (request, decide) => decide(null, options.admission.originAllowed(request.headers)),
      ...(options.allowed_origins.length > 0 && {
        cors: { origin: options.allowed_origins, credentials: true },
      }),
      wsEngine: BoundedWebSocketServer,
    });
    this.engine.on("connection", (connection: RefusableConnection) => refuseBinary(connection));
    this.io = new SocketIoServer({
      serveClient: false,
      connectTimeout: options.connect_within_ms ?? CONNECT_WITHIN_MS,
      // Of a name that a client made up nothing stays behind.
      cleanupEmptyChildNamespaces: true,
    });
    this.io.bind(this.engine);
    for (const [name, session] of Object.entries(NAMESPACES)) this.serve(name, session);
    this.refuseOthers();
  }

  get size(): number {
    return this.open;
  }

  handleRequest(request: IncomingMessage, response: ServerResponse): void {
    this.engine.handleRequest(request as Parameters<EngineServer["handleRequest"]>[0], response);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.engine.handleUpgrade(request as Parameters<EngineServer["handleUpgrade"]>[0], socket, head);
  }

  /** Resolves when all connections are gone; those that do not go by themselves are cut off. */
  async close(): Promise<void> {
    const deadline = performance.now() + CLOSE_WITHIN_MS;
    // A polling client learns of its end with its next poll.
    while (this.engine.clientsCount > 0 && performance.now() < deadline) await setTimeout(10);
    this.engine.close();
  }

  private serve(name: string, session: SessionOptions): void {
    const admitted = new WeakMap<Socket, Admitted>();
    const namespace = this.io.of(name);
    namespace.use((socket, next) => {
      this.admit(socket).then(
        (who) => {
          // Gone while it was asked who it is: `connection` never comes, so nobody else would leave the place.
          if (socket.conn.readyState !== "open") who.place.leave();
          else {
            socket.conn.once("close", () => who.place.leave());
            admitted.set(socket, who);
          }
          next();
        },
        (error: unknown) => {
          const { code, message } = isForesightError(error)
            ? error
            : ({ code: "internal", message: "The socket could not be opened; try again." } as const);
          if (code === "internal")
            this.options.logger.error({ error: String(error) }, "opening a socket failed");
          this.options.metrics.increment("foresight_handshakes_refused_total", { code });
          next(refusal(code, message));
        },
      );
    });
    namespace.on("connection", (socket) => {
      const who = admitted.get(socket);
      if (who === undefined) socket.disconnect(true);
      else this.converse(socket, who, session);
    });
  }

  /** Whoever asks for another namespace, the root included, hears which there are; the library says only "Invalid namespace". */
  private refuseOthers(): void {
    const error = refusal("not_found", `The namespaces are ${Object.keys(NAMESPACES).join(", ")}.`);
    const refuse = (_socket: Socket, next: (error: Error) => void) => next(error);
    this.io.use(refuse);
    this.io.of((_name, _auth, next) => next(null, true)).use(refuse);
  }

  private admit(socket: Socket): Promise<Admitted> {
    const { auth, query, headers } = socket.handshake;
    const by_websocket = socket.conn.transport.name === "websocket";
    const { admission } = this.options;
    return admission.admit(
      {
        authorization: headers.authorization,
        token: textOrNothing(auth.token) ?? textOrNothing(query.token),
        ticket: textOrNothing(auth.ticket) ?? textOrNothing(query.ticket),
        cookie: headers.cookie,
      },
      {
        address: admission.address(socket.request),
        // A page of ours polls without an Origin on GET, but no page of others can: its requests carry one.
        origin_known: headers.origin !== undefined || !by_websocket,
      },
    );
  }

  private converse(socket: Socket, { principal, place }: Admitted, options: SessionOptions): void {
    const connection = new SocketIoConnection(principal, socket);
    place.fill(connection);
    this.open++;
    void socket.join(`tenant:${principal.tenant_id}`);
    // Without a listener a packet that cannot be parsed would end the process.
    socket.on("error", () => undefined);
    const session = this.options.realtime.open(connection, options);
    socket.onAny((event: string, payload: unknown) => {
      const fields =
        typeof payload === "object" && payload !== null && !Array.isArray(payload) ? payload : {};
      session.receive(event === "message" ? payload : { ...fields, type: event });
    });
    socket.on("disconnect", () => {
      this.open--;
      session.close();
      place.leave();
    });
  }
}

/** The parts of an Engine.IO socket that are used here. */
interface RefusableConnection {
  on(event: "data", listener: (data: unknown) => void): void;
  close(discard?: boolean): void;
}

/** No message of a client has attachments: whoever sends one is disconnected before anything is kept of it. */
function refuseBinary(connection: RefusableConnection): void {
  connection.on("data", (data) => {
    if (typeof data !== "string" || data.startsWith("5") || data.startsWith("6")) connection.close(true);
  });
}

/** An error as Socket.IO's `connect_error` carries it: `error.data` has the code. */
function refusal(code: ForesightError["code"], message: string): Error {
  return Object.assign(new ForesightError(code, message), { data: { code, message } });
}

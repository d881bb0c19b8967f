import { type ServerOptions, WebSocket, WebSocketServer } from "ws";

/** Unsent bytes beyond which a ping is not answered: whoever sends it does not read. */
const UNREAD_BYTES = 256 * 1024;
const UNANSWERED_PINGS = 1_000;
const FRAGMENTS = 1_024;
/** How long a peer may take to read what is left and answer a close before it is cut off. */
const CLOSE_WITHIN_MS = 3_000;
/** Known to `ws` 8.19 and later, not yet to its types. */
const UNTYPED = { closeTimeout: CLOSE_WITHIN_MS };

/** Answers pings only while the answers are read; a flood of pings from one that does not read ends it. */
class BoundedWebSocket extends WebSocket {
  private unanswered = 0;

  constructor(...parameters: ConstructorParameters<typeof WebSocket>) {
    super(...parameters);
    this.on("ping", answerPing);
  }

  answer(data: Buffer): void {
    if (this.bufferedAmount <= UNREAD_BYTES) this.pong(data);
    else if (++this.unanswered > UNANSWERED_PINGS) this.terminate();
  }
}

function answerPing(this: WebSocket, data: Buffer): void {
  (this as BoundedWebSocket).answer(data);
}

/** Hands out sockets whose memory is bounded whatever the peer does; no compression, so frames can be shared. */
export class BoundedWebSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    super({
      ...options,
      ...UNTYPED,
      // The type asks for the client's constructors too, which a server's socket is never made with.
      WebSocket: BoundedWebSocket as unknown as typeof WebSocket,
      perMessageDeflate: false,
      clientTracking: false,
      autoPong: false,
      maxFragments: FRAGMENTS,
    });
  }
}

import type { Socket } from "socket.io";
import type { Principal } from "../domain/identity.ts";
import type { Connection, Frames, Wire } from "../realtime/connection.ts";
import { controlPayload } from "../realtime/control.ts";
import { errorCodeOf } from "./close-codes.ts";
import { socketIoFrames, socketIoPackets } from "./wires.ts";

/*
 * Frames made beforehand go through Engine.IO's own queue (`write` with `wsPreEncodedFrame`), never around it, so
 * they stay in order with what the library sends itself: acknowledgements, pings, further namespaces. Engine.IO
 * writes such a frame as it is, whatever number of messages it holds, under these conditions, all checked here
 * before each write:
 *  - the present transport is a WebSocket. A polling transport ignores the option and would send an empty packet;
 *    it stays the present transport until an upgrade is complete, and a WebSocket never goes back to polling, so
 *    what is queued behind a WebSocket is sent by one;
 *  - the WebSocket does not compress, and `ws`'s sender has `sendFrame`.
 * Otherwise packets are queued one by one and the library frames them.
 */

/** The parts of Engine.IO's socket that are used here. */
interface EngineSocket {
  readyState: string;
  transport: {
    name: string;
    perMessageDeflate?: unknown;
    socket?: { bufferedAmount?: number; terminate?(): void; _sender?: { sendFrame?: unknown } };
  };
  writeBuffer: { data?: { length: number }; options?: { wsPreEncodedFrame?: Uint8Array[] } }[];
  write(data: unknown, options?: object): void;
  close(discard?: boolean): void;
}

export function takesFrames({ transport }: Pick<EngineSocket, "transport">): boolean {
  return (
    transport.name === "websocket" &&
    !transport.perMessageDeflate &&
    typeof transport.socket?._sender?.sendFrame === "function"
  );
}

/** How long a peer may take to read what is left before it is cut off. */
const CLOSE_WITHIN_MS = 3_000;

const wires = new Map<string, { frames: Wire; packets: Wire }>();

/** A Socket.IO socket of one namespace. */
export class SocketIoConnection implements Connection {
  private readonly engine: EngineSocket;
  private readonly wires: { frames: Wire; packets: Wire };
  private closing: NodeJS.Timeout | undefined;

  constructor(
    readonly principal: Principal,
    private readonly socket: Socket,
  ) {
    this.engine = socket.conn as unknown as EngineSocket;
    const namespace = socket.nsp.name;
    let known = wires.get(namespace);
    if (known === undefined) {
      known = { frames: socketIoFrames(namespace), packets: socketIoPackets(namespace) };
      wires.set(namespace, known);
    }
    this.wires = known;
  }

  get wire(): Wire {
    return takesFrames(this.engine) ? this.wires.frames : this.wires.packets;
  }

  write(frames: Frames): void {
    if (frames.size === 0 || !this.socket.connected || this.engine.readyState !== "open") return;
    if (frames.kind === "bytes") this.engine.write("", { wsPreEncodedFrame: [frames.bytes] });
    else for (const packet of frames.packets) this.engine.write(packet);
  }

  /** Engine.IO hands on only when the last write has drained, so most of what waits is in its own queue. */
  buffered(): number {
    let bytes = this.engine.transport.socket?.bufferedAmount ?? 0;
    for (const { data, options } of this.engine.writeBuffer)
      bytes += options?.wsPreEncodedFrame?.[0]?.length ?? data?.length ?? 0;
    return bytes;
  }

  /** Socket.IO has no close codes: an `error` says why, then the whole connection ends. */
  close(code: number, reason: string): void {
    if (this.closing !== undefined || this.engine.readyState === "closed") return;
    this.write(
      this.wire.frame([controlPayload({ type: "error", code: errorCodeOf(code), message: reason })]),
    );
    this.closing = setTimeout(() => this.terminate(), CLOSE_WITHIN_MS).unref();
    this.socket.disconnect(true);
  }

  terminate(): void {
    this.engine.transport.socket?.terminate?.();
    this.engine.close(true);
  }
}

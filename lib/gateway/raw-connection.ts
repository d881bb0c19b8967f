import type { Socket } from "node:net";
import { WebSocket } from "ws";
import type { Principal } from "../domain/identity.ts";
import type { Connection, Frames } from "../realtime/connection.ts";
import { rawWire } from "./wires.ts";

/** The parts of `ws`'s socket that are used here; Engine.IO uses the sender too (`wsPreEncodedFrame`). */
interface Inside {
  _sender: { sendFrame(list: Uint8Array[]): void };
  _socket: Pick<Socket, "bytesRead">;
}

/**
 * A raw WebSocket. Frames made beforehand go through `ws`'s own sender, never around it: without compression and
 * without Blobs the sender queues nothing, so what `ws` sends itself (pongs, close) stays in order with them.
 */
export class RawConnection implements Connection {
  readonly wire = rawWire;
  constructor(
    readonly principal: Principal,
    private readonly socket: WebSocket,
  ) {}

  write(frames: Frames): void {
    if (frames.kind !== "bytes" || frames.size === 0 || this.socket.readyState !== WebSocket.OPEN) return;
    this.inside._sender.sendFrame([frames.bytes]);
  }

  /** Bytes that ever came from the peer, of whatever kind. */
  get bytes_read(): number {
    return this.inside._socket.bytesRead;
  }

  ping(): void {
    this.socket.ping();
  }

  buffered(): number {
    return this.socket.bufferedAmount;
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  terminate(): void {
    this.socket.terminate();
  }

  private get inside(): Inside {
    return this.socket as unknown as Inside;
  }
}

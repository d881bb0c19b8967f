import { WebSocket } from "ws";
import type { Principal } from "../domain/identity.ts";
import type { Connection, Frames } from "../realtime/connection.ts";
import { rawWire } from "./wires.ts";

/** `ws`'s sender as Engine.IO uses it too (`wsPreEncodedFrame`). */
interface Sender {
  sendFrame(list: Uint8Array[]): void;
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
    (this.socket as unknown as { _sender: Sender })._sender.sendFrame([frames.bytes]);
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
}

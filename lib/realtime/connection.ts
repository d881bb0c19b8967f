import type { Principal } from "../domain/identity.ts";

/** Messages before a wire has framed them: JSON texts of one type (ASCII, see `toAsciiJson`), or one binary batch. */
export type Payload = { type: string; jsons: readonly string[] } | { type: string; bytes: Uint8Array };

/**
 * Messages framed for one kind of wire, shared by all sockets of that kind: `bytes` are whole frames one after the
 * other, `packets` go through a library that frames them itself.
 */
export type Frames =
  | { kind: "bytes"; bytes: Uint8Array; size: number }
  | { kind: "packets"; packets: readonly (string | Uint8Array)[]; size: number };

/** A way to frame messages. Two wires with the same `id` give the same frames. */
export interface Wire {
  readonly id: string;
  frame(payloads: readonly Payload[]): Frames;
}

/** An authenticated socket as the sessions see it; both gateways implement it. */
export interface Connection {
  readonly principal: Principal;
  /** May change while the socket is open (polling that becomes a WebSocket). */
  readonly wire: Wire;
  /** Takes frames of the present `wire`, in order; never throws, and does nothing on a closed socket. */
  write(frames: Frames): void;
  /** Bytes taken by `write` that have not left the process. */
  buffered(): number;
  /** `code` is one of `CLOSE`; what was written before is sent where the peer still reads. */
  close(code: number, reason: string): void;
}

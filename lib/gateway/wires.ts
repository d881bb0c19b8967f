import type { Wire } from "../realtime/connection.ts";
import { frameBytes } from "./frame-bytes.ts";

/** Raw WebSocket: a text frame is the message's JSON, a binary frame the batch. */
export const rawWire: Wire = {
  id: "raw",
  frame: (payloads) => frameBytes(payloads, { before: () => "", after: "" }),
};

/*
 * Socket.IO protocol 5 over Engine.IO protocol 4: `4` message, `2` event, `5` event with as many binary attachments
 * as the number before the dash, then the namespace and the arguments.
 */
const PLACEHOLDER = '{"_placeholder":true,"num":0}';

/** Whole WebSocket frames, as Socket.IO's own encoder would have written them. */
export function socketIoFrames(namespace: string): Wire {
  const form = {
    before: (type: string) => `42${namespace},["${type}",`,
    after: "]",
    announce: (type: string) => `451-${namespace},["${type}",${PLACEHOLDER}]`,
  };
  return { id: `socket.io${namespace}`, frame: (payloads) => frameBytes(payloads, form) };
}

/** Packets that Engine.IO frames itself, for transports that are no WebSocket. */
export function socketIoPackets(namespace: string): Wire {
  return {
    id: `polling${namespace}`,
    frame(payloads) {
      const packets: (string | Uint8Array)[] = [];
      for (const payload of payloads) {
        if ("jsons" in payload)
          for (const json of payload.jsons) packets.push(`2${namespace},["${payload.type}",${json}]`);
        else packets.push(`51-${namespace},["${payload.type}",${PLACEHOLDER}]`, Buffer.from(payload.bytes));
      }
      return { kind: "packets", packets, size: packets.reduce((sum, packet) => sum + packet.length, 0) };
    },
  };
}

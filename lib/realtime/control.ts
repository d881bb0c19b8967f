import { toAsciiJson } from "../protocol/codec.ts";
import type { ServerMessage } from "../protocol/messages.ts";
import type { Payload } from "./connection.ts";

export function controlPayload(message: ServerMessage): Payload {
  return { type: message.type, jsons: [toAsciiJson(message)] };
}

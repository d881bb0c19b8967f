import type { ErrorCode } from "../domain/errors.ts";
import { type ClientMessage, clientMessageSchema } from "../protocol/client-message.ts";
import { CHANNELS, type Channel, LIMITS } from "../protocol/messages.ts";

type Accepted = Exclude<ClientMessage, { channels: string[] }> | WithChannels;
type WithChannels = Extract<ClientMessage, { channels: string[] }> & { channels: Channel[] };
export type Judged = { message: Accepted } | { code: ErrorCode; reason: string };

const lengthOf = (value: unknown, key: string): number => {
  const list =
    typeof value === "object" && value !== null && Object.hasOwn(value, key)
      ? (value as Record<string, unknown>)[key]
      : undefined;
  return Array.isArray(list) ? list.length : 0;
};

/**
 * Checks a message of a client against the protocol and the channels that its socket may have. Keys that the
 * protocol does not know (a tenant, say) are dropped.
 */
export function judgeClientMessage(value: unknown, allowed: readonly Channel[]): Judged {
  if (lengthOf(value, "channels") > LIMITS.channels)
    return { code: "too_many", reason: `At most ${LIMITS.channels} channels may be named in one message.` };
  if (lengthOf(value, "assets") > LIMITS.assets)
    return { code: "too_many", reason: `At most ${LIMITS.assets} assets may be named in one message.` };
  const parsed = clientMessageSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const at = issue?.path.length ? `${issue.path.join(".")}: ` : "";
    return {
      code: "invalid_message",
      reason: `Expected {"type":"subscribe","channels":[…]} or another message of the protocol; ${at}${issue?.message ?? "not usable"}.`,
    };
  }
  const message = parsed.data;
  if (!("channels" in message)) return { message };
  const unknown = message.channels.some((channel) => !(CHANNELS as readonly string[]).includes(channel));
  const channels = [...new Set(message.channels)] as Channel[];
  if (unknown || channels.some((channel) => !allowed.includes(channel)))
    return { code: "unknown_channel", reason: `The channels of this socket are ${allowed.join(", ")}.` };
  return { message: { ...message, channels } };
}

import { z } from "zod";
import { FORMATS, LIMITS } from "./messages.ts";

const channelsSchema = z.array(z.string().max(64)).min(1).max(LIMITS.channels);

export const clientMessageSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("subscribe"),
    channels: channelsSchema,
    assets: z.array(z.string().min(1).max(128)).max(LIMITS.assets).optional(),
    format: z.enum(FORMATS).optional(),
    /** Messages a second and sensor at most; what lies between is conflated to the latest. */
    max_rate: z.number().positive().max(1_000).optional(),
    /** Where each channel goes on; whatever is no cursor is answered by `reset`, not by an error. */
    cursors: z.record(z.string(), z.unknown()).optional(),
  }),
  z.object({ type: z.literal("unsubscribe"), channels: channelsSchema }),
  /** `t` is echoed in `pong` beside the server's time, so a client can take the clock difference out. */
  z.object({ type: z.literal("ping"), t: z.number().optional() }),
  z.object({ type: z.literal("pong"), t: z.number().optional() }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

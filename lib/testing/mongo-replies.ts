/** MongoDB's documented replies, put on the wire in a server's place by the proxy of the tests (fault `script`). */
import { BSON } from "mongodb";

const OP_MSG = 2013;
const HEADER = 16;

/** @returns the command of a message as the driver sends it, `undefined` where the bytes are no OP_MSG */
export function commandOf(chunk: Buffer): BSON.Document | undefined {
  if (chunk.length < HEADER + 5 || chunk.readInt32LE(12) !== OP_MSG) return undefined;
  const length = chunk.readInt32LE(HEADER + 5);
  // Section of kind 0: the command itself; what a bulk write carries beside it comes after.
  return BSON.deserialize(chunk.subarray(HEADER + 5, HEADER + 5 + length));
}

/** @returns the message that answers this one with a document */
export function replyTo(chunk: Buffer, document: BSON.Document): Buffer {
  const body = BSON.serialize(document);
  const message = Buffer.alloc(HEADER + 5 + body.length);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(1, 4);
  message.writeInt32LE(chunk.readInt32LE(4), 8);
  message.writeInt32LE(OP_MSG, 12);
  message.set(body, HEADER + 5);
  return message;
}

/** "Resume of change stream was not possible" (MongoDB's error 286). */
export const HISTORY_LOST = {
  ok: 0,
  code: 286,
  codeName: "ChangeStreamHistoryLost",
  errmsg:
    "PlanExecutor error during aggregation :: caused by :: Resume of change stream was not possible, as the resume point may no longer be in the oplog.",
  errorLabels: ["NonResumableChangeStreamError"],
};

/** What a primary that is stepping down says to a write. */
export const NOT_WRITABLE_PRIMARY = {
  ok: 0,
  code: 10_107,
  codeName: "NotWritablePrimary",
  errmsg: "not primary",
  errorLabels: ["RetryableWriteError"],
};

/** What a standalone server says to a change stream. */
export const ONLY_ON_REPLICA_SETS = {
  ok: 0,
  code: 40_573,
  codeName: "Location40573",
  errmsg: "The $changeStream stage is only supported on replica sets",
};

export const isChangeStream = (command: BSON.Document): boolean =>
  (Array.isArray(command.pipeline) && command.pipeline[0]?.$changeStream !== undefined) ||
  (command.getMore !== undefined && command.collection === "alert_events");

import { MongoServerError } from "mongodb";

/**
 * ChangeStreamHistoryLost 286, ChangeStreamFatalError 280, InvalidResumeToken 260: this token leads nowhere any more.
 */
const LOST = new Set([260, 280, 286]);
/** CommandNotSupported 115, CommandNotFound 59, NotImplemented 238; 40573: "only supported on replica sets". */
const UNSUPPORTED = new Set([59, 115, 238, 40_573]);

export type WatchEnd = "history lost" | "unsupported" | "silent" | "error";

/** The server neither opens a change stream nor refuses it. */
export class NoAnswer extends Error {}

/** @throws NoAnswer after `ms` */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => undefined);
  }
}

/** Why a change stream ended. */
export function causeOf(error: unknown): WatchEnd {
  if (error instanceof NoAnswer) return "silent";
  if (!(error instanceof MongoServerError)) return "error";
  const code = typeof error.code === "number" ? error.code : 0;
  if (LOST.has(code) || error.hasErrorLabel("NonResumableChangeStreamError")) return "history lost";
  if (UNSUPPORTED.has(code)) return "unsupported";
  return "error";
}

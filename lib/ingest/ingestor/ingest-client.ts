import { z } from "zod";
import { type ErrorCode, ForesightError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/system.ts";
import type { IngestError } from "../parse-batch.ts";
import type { Pause } from "../patience.ts";

export interface IngestTarget {
  url: string;
  token: string;
}

export interface SentBatch {
  accepted: number;
  duplicates: number;
  rejected: number;
  errors: IngestError[];
  /** How often it was sent: more than once, and what counts as duplicate may be our own first sending. */
  attempts: number;
}

export interface IngestClientOptions {
  /** Where to and with what; asked again in a long outage or when the token no longer counts, if `relocatable`. */
  locate(): Promise<IngestTarget>;
  relocatable: boolean;
  /** How long a server may be away in mid-stream, ms. */
  patience_ms: number;
  clock: Clock;
  pause: Pause;
  /** In [0, 1). */
  random(): number;
  signal: AbortSignal;
  /** Hears of every wait, with the reason in words. */
  onWait(reason: string, ms: number): void;
  fetch?: typeof fetch;
}

export interface IngestClient {
  /**
   * Sends one batch until it is acknowledged or refused for good.
   * @throws ForesightError `too_large` (send it in parts), `unauthorized`, `forbidden`, `invalid_request`,
   *   `unavailable` (patience is over); the signal's reason
   */
  send(ndjson: string, rows: number, idempotency_key: string): Promise<SentBatch>;
}

const answerSchema = z.object({
  accepted: z.number(),
  duplicates: z.number().default(0),
  rejected: z.number(),
  errors: z.array(z.object({ line: z.number(), reason: z.string() })).default([]),
});
const problemSchema = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});

/** A server that was never there is given up sooner than one that restarts. */
const FIRST_PATIENCE_MS = 10_000;
/** Errors of a connection that never stood. */
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const REQUEST_TIMEOUT_MS = 60_000;
const RELOCATE_EVERY_MS = 15_000;
const BACKOFF_MS = { first: 200, longest: 5_000 };
const REPEATED_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);
const FINAL: Record<number, ErrorCode> = { 401: "unauthorized", 403: "forbidden", 404: "not_found" };

/** Posts batches to `/api/ingest`, one at a time, so that what arrives keeps the file's order. */
export function createIngestClient(options: IngestClientOptions): IngestClient {
  const { clock, signal, random } = options;
  const request = options.fetch ?? fetch;
  let target: IngestTarget | undefined;
  let located = 0;
  let wasThere = false;

  const locate = async (): Promise<IngestTarget> => {
    located = clock.now();
    target = await options.locate();
    return target;
  };
  const post = async (body: string, key: string): Promise<Response | Error> => {
    const { url, token } = target ?? (await locate());
    try {
      const response = await request(new URL("/api/ingest", url), {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/x-ndjson",
          "idempotency-key": key,
        },
        body,
        redirect: "error",
        signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      });
      // The body is part of the answer: a connection lost in its middle is a lost answer.
      const text = await response.text();
      return new Response(response.status === 204 ? null : text, {
        status: response.status,
        headers: response.headers,
      });
    } catch (error) {
      signal.throwIfAborted();
      return error as Error;
    }
  };

  return {
    async send(ndjson, rows, idempotency_key) {
      let outage: number | undefined;
      let renewed = false;
      for (let attempt = 1; ; attempt++) {
        signal.throwIfAborted();
        const response = await post(ndjson, idempotency_key);
        wasThere ||= !(response instanceof Error) || !NEVER_CONNECTED.has(codeOf(response) ?? "");
        if (!(response instanceof Error)) {
          if (response.ok) {
            return { ...(await answerOf(response)), attempts: attempt };
          }
          if (response.status === 401 && options.relocatable && !renewed) {
            renewed = true;
            await locate();
            continue;
          }
          if (!REPEATED_STATUS.has(response.status))
            return { ...(await refused(response, rows)), attempts: attempt };
        }
        const now = clock.now();
        outage ??= now;
        const patience = wasThere ? options.patience_ms : Math.min(FIRST_PATIENCE_MS, options.patience_ms);
        const reason = await wordsFor(response, target?.url);
        if (now - outage > patience) throw new ForesightError("unavailable", reason);
        const jitter = random() * Math.min(BACKOFF_MS.longest, BACKOFF_MS.first * 2 ** Math.min(attempt, 10));
        const asked = response instanceof Error ? 0 : retryAfterMs(response, now);
        // Not all at the very moment that was named to all.
        const wait = asked > 0 ? asked * (1 + random() / 4) : jitter;
        options.onWait(reason, wait);
        await options.pause(wait, signal);
        if (response instanceof Error && options.relocatable && clock.now() - located > RELOCATE_EVERY_MS)
          await locate().catch(() => undefined);
      }
    },
  };
}

async function answerOf(response: Response): Promise<Omit<SentBatch, "attempts">> {
  const parsed = answerSchema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  throw new ForesightError(
    "invalid_request",
    `The server answered ${response.status}, but not as FORESIGHT does; is the address right?`,
  );
}

/** What a refusal means: each line refused for itself, or the whole stream. */
async function refused(response: Response, rows: number): Promise<Omit<SentBatch, "attempts">> {
  const problem = problemSchema.safeParse(await response.json().catch(() => ({})));
  const { title, detail, errors } = problem.success
    ? problem.data
    : { title: undefined, detail: undefined, errors: [] };
  const sentence = detail ?? title ?? `The server answered ${response.status}.`;
  if (response.status === 400) {
    const lines = errors.flatMap(({ path, message }) => {
      const line = /^line (\d+)$/.exec(path)?.[1];
      return line === undefined ? [] : [{ line: Number(line), reason: message }];
    });
    if (lines.length > 0) return { accepted: 0, duplicates: 0, rejected: rows, errors: lines };
    throw new ForesightError("invalid_request", sentence);
  }
  if (response.status === 413) throw new ForesightError("too_large", sentence);
  const code = FINAL[response.status] ?? "invalid_request";
  throw new ForesightError(
    code,
    code === "unauthorized"
      ? "The server does not accept the token. Make another with `foresight token --tenant T --role ingest`."
      : `${sentence} (${response.status})`,
  );
}

function codeOf(error: Error): string | undefined {
  return ((error.cause ?? error) as { code?: string }).code;
}

async function wordsFor(response: Response | Error, url: string | undefined): Promise<string> {
  if (response instanceof Error) {
    const code = codeOf(response);
    const what =
      code === "ECONNREFUSED"
        ? `No server answers at ${url}`
        : `The connection to ${url} failed (${code ?? response.message})`;
    return `${what}. Start one with ./scripts/start.sh or name another with --url and --token.`;
  }
  const problem = problemSchema.safeParse(await response.json().catch(() => ({})));
  const detail = problem.success ? (problem.data.detail ?? problem.data.title) : undefined;
  return `The server answered ${response.status}${detail === undefined ? "" : `: ${detail}`}`;
}

/** `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3) → ms from now, 0 where it is absent. */
export function retryAfterMs(response: Pick<Response, "headers">, now: number): number {
  const header = response.headers.get("retry-after");
  if (header === null) return 0;
  if (/^\d+$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}

import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { ERROR_CODES, type ErrorCode, ForesightError, isForesightError } from "../../lib/domain/errors.ts";
import { named } from "./registry.ts";

const STATUS: Record<ErrorCode, number> = {
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  invalid_request: 400,
  invalid_message: 400,
  unknown_channel: 400,
  conflict: 409,
  method_not_allowed: 405,
  unsupported_media_type: 415,
  too_large: 413,
  too_many: 429,
  rate_limited: 429,
  request_timeout: 408,
  slow_consumer: 503,
  shutting_down: 503,
  unavailable: 503,
  storage_full: 507,
  internal: 500,
};

/** RFC 9457 problem details; `code` is the error's code of `lib/SPEC.md`. */
export const problemSchema = named(
  "Problem",
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(ERROR_CODES),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
);

/** Headers of every answer of the API. */
export const API_HEADERS: Record<string, string> = {
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
};

/** An error as the outside sees it; one that is not a `ForesightError` is `internal`, without detail. */
export function problemResponse(error: unknown, extra: Record<string, string> = {}): Response {
  const known = isForesightError(error)
    ? error
    : new ForesightError("internal", "Something went wrong in the server; its log says more.");
  const status = STATUS[known.code];
  const { errors, retry_after_s } = known.options;
  const wait = retry_after_s ?? (status === 429 || status === 503 ? 1 : undefined);
  return new Response(
    JSON.stringify({
      type: `urn:foresight:problem:${known.code}`,
      title: STATUS_CODES[status],
      status,
      code: known.code,
      detail: known.message,
      ...(errors !== undefined && { errors }),
    }),
    {
      status,
      headers: {
        ...API_HEADERS,
        "Content-Type": "application/problem+json",
        ...(wait !== undefined && { "Retry-After": String(Math.max(1, Math.ceil(wait))) }),
        ...(status === 401 && { "WWW-Authenticate": 'Bearer realm="foresight"' }),
        ...extra,
      },
    },
  );
}

/** Zod's issues as one error that names each bad field. */
export function invalid(what: string, issues: readonly z.core.$ZodIssue[]): ForesightError {
  const errors = issues.map(({ path, message }) => ({ path: path.join("."), message }));
  const [first] = errors;
  const where = first === undefined || first.path === "" ? "" : `${first.path}: `;
  return new ForesightError("invalid_request", `${what}: ${where}${first?.message ?? "not valid"}.`, {
    errors,
  });
}

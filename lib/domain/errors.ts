/** Every error that the product names to the outside; the list with explanations is in `lib/SPEC.md`. */
export const ERROR_CODES = [
  "unauthorized",
  "forbidden",
  "not_found",
  "invalid_request",
  "invalid_message",
  "unknown_channel",
  "conflict",
  "method_not_allowed",
  "unsupported_media_type",
  "too_large",
  "too_many",
  "rate_limited",
  "request_timeout",
  "slow_consumer",
  "shutting_down",
  "unavailable",
  "storage_full",
  "internal",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** One bad field: `path` in dotted form as Zod gives it. */
export interface FieldError {
  path: string;
  message: string;
}

/**
 * An error whose `message` may be shown to whoever caused it: it says what was found, what was expected
 * and what to do. Anything that is not a `ForesightError` is a defect and is shown as `internal` only.
 */
export class ForesightError extends Error {
  override readonly name = "ForesightError";
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly options: { errors?: FieldError[]; retry_after_s?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
  }
}

export function isForesightError(error: unknown): error is ForesightError {
  return error instanceof Error && error.name === "ForesightError";
}

import type { ErrorCode } from "../domain/errors.ts";
import { CLOSE } from "../protocol/messages.ts";

const CODES: Readonly<Record<number, ErrorCode>> = {
  [CLOSE.POLICY]: "invalid_message",
  [CLOSE.SHUTTING_DOWN]: "shutting_down",
  [CLOSE.SLOW_CONSUMER]: "slow_consumer",
  [CLOSE.CREDENTIAL_EXPIRED]: "unauthorized",
  [CLOSE.FORBIDDEN]: "forbidden",
  [CLOSE.REVOKED]: "unauthorized",
  [CLOSE.TOO_MANY]: "too_many",
};

/** The error code that says the same as a close code, for transports without close codes. */
export function errorCodeOf(close_code: number): ErrorCode {
  return CODES[close_code] ?? "internal";
}

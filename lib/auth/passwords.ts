import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { ForesightError } from "../domain/errors.ts";

export const PASSWORD_LENGTH = { least: 8, most: 1_024 } as const;

/** Cost of one guess after OWASP's Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** @throws ForesightError `invalid_request` where a new password is too short or too long */
export function checkNewPassword(password: string): void {
  const { least, most } = PASSWORD_LENGTH;
  if (password.length < least || password.length > most)
    throw new ForesightError("invalid_request", `A password has ${least} to ${most} characters.`, {
      errors: [{ path: "password", message: `expected ${least} to ${most} characters` }],
    });
}

/** @returns argon2id in PHC form. @throws ForesightError `invalid_request` for a password too short or too long */
export async function hashPassword(password: string): Promise<string> {
  checkNewPassword(password);
  return hash(password, COST);
}

let ofNobody: Promise<string> | undefined;

/**
 * Compares a password with a user's hash, in the same time where there is no such user (`undefined`).
 * A password beyond the longest allowed is refused unhashed.
 */
export async function verifyPassword(password_hash: string | undefined, password: string): Promise<boolean> {
  ofNobody ??= hash(randomBytes(32), COST);
  const nobody = await ofNobody;
  if (password.length > PASSWORD_LENGTH.most) return false;
  const right = await verify(password_hash ?? nobody, password);
  return right && password_hash !== undefined;
}

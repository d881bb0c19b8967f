import { randomBytes } from "node:crypto";
import { hashPassword } from "../auth/passwords.ts";
import { DEFAULT_RULES } from "../domain/default-rules.ts";
import { isForesightError } from "../domain/errors.ts";
import type { Role } from "../domain/identity.ts";
import type { Store } from "../ports/store.ts";
import type { Clock } from "../ports/system.ts";
import type { Config } from "./config.ts";

export const DEMO_TENANT = "demo";
const DEMO_USERS: readonly { username: string; role: Role }[] = [
  { username: "admin@demo", role: "admin" },
  { username: "operator@demo", role: "operator" },
  { username: "viewer@demo", role: "viewer" },
];

/**
 * Beyond loopback only where it is asked for; among instances that share a store only with a password that all know,
 * since each would make up its own.
 */
export function wantsDemoTenant({
  loopback,
  demo,
  servers,
  demo_password,
}: Pick<Config, "loopback" | "demo" | "servers" | "demo_password">): boolean {
  return servers === undefined ? loopback || demo : demo || demo_password !== undefined;
}

/** What another instance has made at the same time is made. */
async function unlessMade(making: Promise<void>): Promise<void> {
  try {
    await making;
  } catch (error) {
    if (!isForesightError(error) || error.code !== "conflict") throw error;
  }
}

/**
 * Creates the demo tenant and its three users where it is not there yet.
 * @returns the password they share, only where it was generated now: it is printed once and kept nowhere
 */
export async function ensureDemoTenant(
  store: Store,
  clock: Clock,
  given?: string,
): Promise<string | undefined> {
  const now = clock.now();
  if ((await store.tenant(DEMO_TENANT)) === undefined)
    await unlessMade(
      store.addTenant({ tenant_id: DEMO_TENANT, name: "Demo plant", created_at: now }, DEFAULT_RULES),
    );
  const existing = new Set((await store.users(DEMO_TENANT)).map((user) => user.username));
  const missing = DEMO_USERS.filter(({ username }) => !existing.has(username));
  if (missing.length === 0) return undefined;
  const password = given ?? randomBytes(9).toString("base64url");
  const password_hash = await hashPassword(password);
  for (const { username, role } of missing)
    await unlessMade(
      store.addUser({
        username,
        tenant_id: DEMO_TENANT,
        role,
        password_hash,
        disabled: false,
        created_at: now,
      }),
    );
  return given === undefined ? password : undefined;
}

import { z } from "zod";

/** What identifies tenants, assets and sensors: printable text without control characters, at most 128 long. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const IDENTIFIER = /^[^\u0000-\u001f\u007f]{1,128}$/;
export const identifierSchema = z
  .string()
  .regex(IDENTIFIER, "expected 1 to 128 characters without control characters")
  .refine((id) => id === id.trim(), "expected no blanks at either end")
  .refine(isWellFormed, "expected well-formed Unicode");

/** Text without lone surrogates: those cannot be written as UTF-8, so two such ids would become one. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** Short text of a reading beside its ids. */
export const wordSchema = (least: number, most: number) =>
  z.string().min(least).max(most).refine(isWellFormed, "expected well-formed Unicode");

/** Tenant ids appear in paths and room names, so they are narrower than other ids. */
export const tenantIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "expected a–z, 0–9 and -, at most 63");

export const ROLES = ["viewer", "operator", "admin", "ingest"] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** What a role may do; `SURFACE`'s table of roles written once. */
export const PERMISSIONS = ["read", "operate", "upload", "ingest", "administer"] as const;
export type Permission = (typeof PERMISSIONS)[number];

const GRANTS: Record<Role, readonly Permission[]> = {
  viewer: ["read"],
  operator: ["read", "operate", "upload", "ingest"],
  admin: ["read", "operate", "upload", "ingest", "administer"],
  ingest: ["ingest"],
};

export function may(role: Role, permission: Permission): boolean {
  return GRANTS[role].includes(permission);
}

/** Who acts: the verified session, ticket or token, and nothing that a client says of itself. */
export interface Principal {
  tenant_id: string;
  role: Role;
  /** User name, or `token:<name>` of a program. */
  subject: string;
  /** Session id of a browser session or `jti` of a token: what a revocation names. */
  credential_id: string;
  kind: "session" | "token";
  expires_at: number;
}

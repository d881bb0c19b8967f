/** Text without lone surrogates: those cannot be written as UTF-8, so two such ids would become one. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

export const ROLES = ["viewer", "operator", "admin", "ingest"] as const;
export type Role = (typeof ROLES)[number];

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

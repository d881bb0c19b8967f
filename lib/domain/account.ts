import type { Role } from "./identity.ts";
import type { EpochMs } from "./time.ts";

export interface Tenant {
  tenant_id: string;
  name: string;
  created_at: EpochMs;
  /** Readings and scores older than this are removed where the store can (MongoDB's TTL); absent: kept for good. */
  retention_days?: number;
}

/** A person's account; user names are unique over all tenants, compared without case. */
export interface User {
  username: string;
  tenant_id: string;
  role: Role;
  /** argon2id in PHC form; never leaves the server. */
  password_hash: string;
  disabled: boolean;
  created_at: EpochMs;
}

/** A token minted for a program. The token itself is a signed JWT and is not stored; `jti` is what is revoked. */
export interface TokenRecord {
  jti: string;
  tenant_id: string;
  name: string;
  role: Role;
  created_by: string;
  created_at: EpochMs;
  expires_at: EpochMs;
  revoked: boolean;
}

/** A CSV upload and how it went. */
export interface Upload {
  id: string;
  tenant_id: string;
  file_name: string;
  by: string;
  state: "running" | "done" | "failed" | "interrupted";
  bytes: number;
  bytes_read: number;
  accepted: number;
  duplicates: number;
  rejected: number;
  /** The first 1,000 rejects. */
  rejects: { line: number; reason: string; text?: string }[];
  error?: string;
  started_at: EpochMs;
  finished_at?: EpochMs;
}

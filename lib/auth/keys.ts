import { hkdfSync } from "node:crypto";

/** Keys of this installation, each for one purpose, so that what one signs is worth nothing to another. */
export interface AuthKeys {
  /** Signs programs' tokens (HS256), 32 bytes. */
  token: Uint8Array;
  /** What next-auth derives the encryption of its session cookie from. */
  session: string;
}

/** Derives the keys from the installation's one secret by HKDF (RFC 5869) with SHA-256. */
export function deriveKeys(secret: string): AuthKeys {
  const derive = (purpose: string) => Buffer.from(hkdfSync("sha256", secret, "foresight", purpose, 32));
  return { token: derive("token signing"), session: derive("browser sessions").toString("base64url") };
}

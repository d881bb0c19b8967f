import { PEER_HEADERS } from "../../lib/auth/client-address.ts";

/** The address that rate limits count by, as the server's socket and its trusted proxies tell it. */
export function addressOf(request: Request): string {
  return request.headers.get(PEER_HEADERS.address) ?? "unknown";
}

/** Whether the request comes straight from this machine, through no proxy. */
export function isLocal(request: Request): boolean {
  return request.headers.get(PEER_HEADERS.local) === "1";
}

import type { IncomingHttpHeaders } from "node:http";

/** Names in which `stampPeer` tells the routes what only the socket knows; whatever a client sent in them is lost. */
export const PEER_HEADERS = { address: "x-foresight-address", local: "x-foresight-local" } as const;

const FORWARDING = ["x-forwarded-for", "x-forwarded-host", "forwarded", "via"] as const;

const isLoopback = (address: string) =>
  address === "::1" || address.startsWith("127.") || address.startsWith("::ffff:127.");

/**
 * Who is at the other end. `X-Forwarded-For` counts only as far as trusted proxies have appended to it: the
 * n-th entry from the right where n proxies are trusted, else the socket's own peer.
 */
export function clientAddress(
  remote: string | undefined,
  forwarded_for: string | string[] | undefined,
  trusted_proxies: number,
): string {
  const peer = remote ?? "unknown";
  if (trusted_proxies === 0 || forwarded_for === undefined) return peer;
  const hops = [forwarded_for]
    .flat()
    .join(",")
    .split(",")
    .map((hop) => hop.trim())
    .filter(Boolean);
  return hops.at(-Math.min(trusted_proxies, hops.length)) ?? peer;
}

/**
 * Writes the client's address into a request's headers before a framework fills in forwarding headers of its own,
 * and whether it comes straight from this machine (no proxy, a loopback peer and a loopback `Host`).
 */
export function stampPeer(
  request: { headers: IncomingHttpHeaders; socket: { remoteAddress?: string | undefined } },
  trusted_proxies: number,
): void {
  const { headers, socket } = request;
  headers[PEER_HEADERS.address] = clientAddress(
    socket.remoteAddress,
    headers["x-forwarded-for"],
    trusted_proxies,
  );
  const local =
    isLoopback(socket.remoteAddress ?? "") &&
    FORWARDING.every((name) => headers[name] === undefined) &&
    /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(headers.host ?? "");
  headers[PEER_HEADERS.local] = local ? "1" : "0";
}

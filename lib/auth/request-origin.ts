const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/** What a host looks like; anything else in `Host` is no host. */
const HOST = /^([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?$/i;

export interface OriginSettings {
  public_url?: string;
  allowed_origins: string[];
  trusted_proxies: number;
}

/**
 * The origin under which a browser sees this server. On loopback it is the host that was asked, so localhost and
 * 127.0.0.1 both work and neither leads to the other; elsewhere it is the configured address, never what a client
 * claims in `Host`.
 */
export function requestOrigin(
  headers: { get(name: string): string | null },
  settings: Pick<OriginSettings, "public_url" | "trusted_proxies">,
): string {
  const behindProxy = settings.trusted_proxies > 0;
  const named = (behindProxy && headers.get("x-forwarded-host")) || headers.get("host") || "";
  const host = HOST.test(named) ? named : "localhost";
  if (!LOOPBACK.test(host) && settings.public_url !== undefined) return new URL(settings.public_url).origin;
  const proto = behindProxy && headers.get("x-forwarded-proto") === "https" ? "https" : "http";
  return `${proto}://${host}`;
}

/**
 * Whether a browser's unsafe request comes from one of our own pages. Browsers send `Origin` with every request
 * that is not GET or HEAD (Fetch standard, "append a request Origin header"), so its absence is no leave.
 */
export function isOwnOrigin(
  headers: { get(name: string): string | null },
  settings: OriginSettings,
): boolean {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (origin === null) return site === "same-origin";
  if (site === "cross-site" && !settings.allowed_origins.includes(origin)) return false;
  return origin === requestOrigin(headers, settings) || settings.allowed_origins.includes(origin);
}

/** Where a sign-in may lead: a place of this origin. Anything else, `//evil` included, leads to its root. */
export function sameOriginUrl(url: string, origin: string): string {
  try {
    const target = new URL(url, origin);
    if (target.origin === origin) return target.href;
  } catch {
    // Not a URL: like any foreign one.
  }
  return `${origin}/`;
}

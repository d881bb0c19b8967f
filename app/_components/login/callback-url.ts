/**
 * Where to go after signing in: a path of this site, else the fleet. `//evil`, `/\evil` and other origins are not
 * followed.
 */
export function safeCallback(given: string | string[] | undefined, origin = "http://localhost"): string {
  const wanted = Array.isArray(given) ? given[0] : given;
  if (!wanted) return "/";
  try {
    const url = new URL(wanted, origin);
    if (url.origin !== new URL(origin).origin) return "/";
    if (wanted.startsWith("//") || /^[/\\]{2}/.test(wanted)) return "/";
    const path = `${url.pathname}${url.search}${url.hash}`;
    return path.startsWith("//") || path.startsWith("/login") ? "/" : path;
  } catch {
    return "/";
  }
}

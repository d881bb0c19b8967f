import { type NextRequest, NextResponse } from "next/server";
import { runningApp } from "./lib/runtime/handle.ts";

/**
 * Gives every page a nonce and its security headers. It authorises nobody: pages and routes do that themselves, since
 * what stands in front can be gone around. The API is left out: it has headers of its own, and a proxy in front
 * would buffer its bodies.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const policy = contentSecurityPolicy(nonce, request.headers.get("host") ?? "", runningApp().config.dev);
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  // Next reads the nonce for its own scripts from the request's policy.
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
  return response;
}

export const config = {
  matcher: ["/((?!api/|_next/static|_next/image|healthz|readyz|metrics|icon\\.svg).*)"],
};

const SECURITY_HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
};

/** A host as it may stand in a policy; anything else is left out rather than quoted. */
const HOST = /^[A-Za-z0-9.[\]:-]{1,255}$/;

/**
 * Only scripts that carry the nonce run, and what they load. Styles may be inline: charts and overlays position
 * themselves by style attributes, and a style runs nothing.
 */
function contentSecurityPolicy(nonce: string, host: string, dev: boolean): string {
  const sockets = HOST.test(host) ? ` ws://${host} wss://${host}` : "";
  return [
    "default-src 'self'",
    // React's development build rebuilds call stacks with eval.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${sockets}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

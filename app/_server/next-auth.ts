import { randomUUID } from "node:crypto";
import { parseCookie } from "cookie";
import NextAuth from "next-auth";
import { createAuthOptions } from "../../lib/auth/auth-options.ts";
import { createLoginThrottle } from "../../lib/auth/login-throttle.ts";
import { requestOrigin, sameOriginUrl } from "../../lib/auth/request-origin.ts";
import { signIn } from "../../lib/auth/sign-in.ts";
import { ForesightError, isForesightError } from "../../lib/domain/errors.ts";
import type { App } from "../../lib/runtime/handle.ts";
import { mediaTypeOf, readJson, readText } from "./json-body.ts";
import { addressOf } from "./peer.ts";
import { API_HEADERS, problemResponse } from "./problem.ts";

/** A sign-in form is small; a password of a megabyte is no password. */
const MOST_BYTES = 16 * 1024;

type Fields = Record<string, unknown>;

/**
 * Answers a request below `/api/auth/` with next-auth 4. It is called the way that takes request and response as
 * plain objects, because only so the origin can be that of the request (next-auth itself knows one configured
 * address or trusts any `Host`): every redirect it makes is brought to the request's own origin.
 */
export async function answerAuth(app: App, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const [action, provider] = url.pathname.split("/").slice(3);
  // next-auth's client reports its errors here, and so could anybody: our log is not for strangers to write in.
  if (action === "_log") return empty();
  const origin = requestOrigin(request.headers, app.config);
  const body = request.method === "POST" ? await readFields(request) : undefined;
  const cookie = request.headers.get("cookie") ?? "";

  if (action === "session" && !(await hasSession(app, cookie))) return empty();
  let refused: ForesightError | undefined;
  const options = createAuthOptions({
    store: app.store,
    keys: app.keys,
    clock: app.clock,
    logger: app.logger,
    origin,
    async authorize() {
      const { store, clock, shared } = app;
      try {
        return await signIn(
          { store, clock, throttle: createLoginThrottle(shared), ids: randomUUID },
          body,
          addressOf(request),
        );
      } catch (error) {
        if (!isForesightError(error)) throw error;
        refused = error;
        return undefined;
      }
    },
  });
  const recorder = new ResponseRecorder();
  await NextAuth(
    {
      method: request.method,
      headers: Object.fromEntries(request.headers),
      cookies: parseCookie(cookie),
      query: { ...Object.fromEntries(url.searchParams), nextauth: [action, provider].filter(Boolean) },
      body: body ?? {},
    } as never,
    recorder as never,
    options,
  );
  const wantsJson =
    body?.json === "true" || body?.json === true || mediaTypeOf(request) === "application/json";
  if (refused !== undefined) return refusal(refused, origin, wantsJson, recorder);
  return recorder.toResponse(origin, wantsJson);
}

/**
 * A refused sign-in: for a program or next-auth's own client the status with the address of the login page (its
 * client reads the reason from there), for a plain form a redirect to it. Bodies do not tell why.
 */
function refusal(
  error: ForesightError,
  origin: string,
  wantsJson: boolean,
  recorder: ResponseRecorder,
): Response {
  const reasons: Partial<Record<typeof error.code, string>> = {
    unauthorized: "CredentialsSignin",
    rate_limited: `Throttled-${error.options.retry_after_s ?? 60}`,
    invalid_request: "Invalid",
  };
  const url = `${origin}/login?error=${reasons[error.code] ?? "Unavailable"}`;
  if (!wantsJson) return recorder.redirect(url);
  const { status, headers } = problemResponse(error);
  headers.set("Content-Type", "application/json");
  headers.delete("WWW-Authenticate");
  for (const cookie of recorder.cookies) headers.append("Set-Cookie", cookie);
  return new Response(JSON.stringify({ url, detail: error.message }), { status, headers });
}

async function hasSession(app: App, cookie: string): Promise<boolean> {
  try {
    await app.authenticator.authenticate({ cookie });
    return true;
  } catch (error) {
    if (isForesightError(error) && error.code === "unauthorized") return false;
    throw error;
  }
}

const empty = () => Response.json({}, { headers: API_HEADERS });

/** @throws ForesightError `invalid_request` for a body beyond 16 KiB or that cannot be read */
async function readFields(request: Request): Promise<Fields> {
  if (Number(request.headers.get("content-length") ?? 0) > MOST_BYTES) throw tooLong();
  try {
    if (mediaTypeOf(request) === "application/json") {
      const value = await readJson(request);
      return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
    }
    return Object.fromEntries(new URLSearchParams(await readText(request, MOST_BYTES)));
  } catch (error) {
    throw isForesightError(error) && error.code === "too_large" ? tooLong() : error;
  }
}

const tooLong = () => new ForesightError("invalid_request", "User name or password are too long.");

/** The part of Node's and Next's response that next-auth writes to. */
class ResponseRecorder {
  private code = 200;
  private body: unknown;
  private readonly headers = new Map<string, string | string[]>();

  status(code: number): this {
    this.code = code;
    return this;
  }
  getHeader(name: string) {
    return this.headers.get(name.toLowerCase());
  }
  setHeader(name: string, value: string | string[]): this {
    this.headers.set(name.toLowerCase(), value);
    return this;
  }
  json(body: unknown): void {
    this.setHeader("content-type", "application/json");
    this.body = body;
  }
  send(body: unknown): void {
    this.body = body;
  }
  end(): void {}

  get cookies(): string[] {
    return [this.headers.get("set-cookie") ?? []].flat();
  }

  redirect(url: string): Response {
    const headers = new Headers({ ...API_HEADERS, Location: url });
    for (const cookie of this.cookies) headers.append("Set-Cookie", cookie);
    return new Response(null, { status: 302, headers });
  }

  toResponse(origin: string, wantsJson: boolean): Response {
    const location = this.getHeader("location");
    const url = typeof location === "string" ? location : (this.body as { url?: string } | undefined)?.url;
    if (typeof url === "string") {
      const ours = toOrigin(url, origin);
      if (!wantsJson) return this.redirect(ours);
      this.headers.delete("location");
      this.json({ url: ours });
      if (this.code === 302) this.code = 200;
    }
    const headers = new Headers(API_HEADERS);
    for (const [name, value] of this.headers) if (name !== "set-cookie") headers.set(name, String(value));
    for (const cookie of this.cookies) headers.append("Set-Cookie", cookie);
    if (!headers.has("content-type"))
      headers.set("Content-Type", typeof this.body === "string" ? "text/plain" : "application/json");
    headers.set("Cache-Control", "no-store");
    const text = typeof this.body === "string" ? this.body : JSON.stringify(this.body ?? {});
    return new Response(text, { status: this.code, headers });
  }
}

/** next-auth builds addresses on the origin that it believes in; only what follows it is ours to keep. */
function toOrigin(url: string, origin: string): string {
  const { pathname, search, hash } = new URL(url, origin);
  return sameOriginUrl(`${pathname.replace(/^\/+/, "/")}${search}${hash}`, origin);
}

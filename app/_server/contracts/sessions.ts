import { z } from "zod";
import { contract } from "../contract.ts";

const tag = "Browser sessions";
const FORM = ["application/x-www-form-urlencoded", "application/json"] as const;

/** What next-auth answers at; the pages use its own client. */
export const csrfToken = contract({
  operation: "csrfToken",
  method: "GET",
  path: "/api/auth/csrf",
  tag,
  summary: "A CSRF token, which sign-in and sign-out take, and its cookie",
  permission: "open",
  responses: { 200: { description: "The token", schema: z.object({ csrfToken: z.string() }) } },
});

export const currentSession = contract({
  operation: "currentSession",
  method: "GET",
  path: "/api/auth/session",
  tag,
  summary: "The session of the cookie; an empty object where there is none",
  permission: "open",
  responses: { 200: { description: "The session", schema: z.record(z.string(), z.unknown()) } },
});

export const signInWithPassword = contract({
  operation: "signInWithPassword",
  method: "POST",
  path: "/api/auth/callback/credentials",
  tag,
  summary: "Sign in; sets the session's cookie",
  description: "`json=true` answers `{url}` instead of a redirect. Ten failures are throttled with 429.",
  permission: "open",
  stream: { media_types: FORM, description: "`username`, `password`, `csrfToken`, `callbackUrl?`, `json?`" },
  responses: {
    200: { description: "Signed in (`json=true`)", schema: z.object({ url: z.string() }) },
    302: { description: "Signed in, on to `callbackUrl`, always of this origin" },
  },
});

export const signOut = contract({
  operation: "signOut",
  method: "POST",
  path: "/api/auth/signout",
  tag,
  summary: "Sign out: the session counts no longer, its sockets close within 5 s",
  permission: "open",
  stream: { media_types: FORM, description: "`csrfToken`, `callbackUrl?`, `json?`" },
  responses: {
    200: { description: "Signed out (`json=true`)", schema: z.object({ url: z.string() }) },
    302: { description: "Signed out, on to `callbackUrl`" },
  },
});

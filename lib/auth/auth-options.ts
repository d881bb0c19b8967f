import type { NextAuthOptions, User } from "next-auth";
import credentialsProvider from "next-auth/providers/credentials";
import type { AccountStore } from "../ports/store.ts";
import type { Clock, Logger } from "../ports/system.ts";
import type { AuthKeys } from "./keys.ts";
import { sameOriginUrl } from "./request-origin.ts";
import { SESSION_TTL_MS, type SessionClaims, sessionClaimsSchema } from "./session-cookie.ts";

export interface AuthOptionsDependencies {
  store: Pick<AccountStore, "revokeSession">;
  keys: AuthKeys;
  clock: Clock;
  logger: Logger;
  /** Origin under which the browser sees us; decides the cookies' names and where redirects may lead. */
  origin: string;
  /** @returns the session that begins, or `undefined` where the credentials are wrong */
  authorize(credentials: unknown): Promise<SessionClaims | undefined>;
}

/**
 * Options of next-auth 4 for one request: credentials `username` and `password`, JWT sessions that carry the
 * session id (what a sign-out revokes), tenant and role.
 */
export function createAuthOptions(dependencies: AuthOptionsDependencies): NextAuthOptions {
  const { store, keys, clock, logger, origin } = dependencies;
  // next-auth 4's provider factories are CommonJS; Node and bundlers differ in how deep the default export lies.
  const provider =
    (credentialsProvider as unknown as { default?: typeof credentialsProvider }).default ??
    credentialsProvider;
  return {
    secret: keys.session,
    useSecureCookies: origin.startsWith("https://"),
    pages: { signIn: "/login", error: "/login", signOut: "/" },
    session: { strategy: "jwt", maxAge: SESSION_TTL_MS / 1_000 },
    providers: [
      provider({
        name: "FORESIGHT",
        credentials: { username: { label: "Username" }, password: { label: "Password", type: "password" } },
        async authorize(credentials) {
          const claims = await dependencies.authorize(credentials);
          return claims === undefined
            ? null
            : ({ id: claims.username, name: claims.username, claims } as User);
        },
      }),
    ],
    callbacks: {
      redirect: ({ url }) => sameOriginUrl(url, origin),
      jwt({ token, user }) {
        const claims = (user as { claims?: SessionClaims } | undefined)?.claims;
        return claims === undefined ? token : { ...token, ...claims };
      },
      session({ session, token }) {
        const { username, tenant_id, role, expires_at } = sessionClaimsSchema.parse(token);
        return {
          ...session,
          expires: new Date(expires_at).toISOString(),
          user: { name: username, tenant_id, role },
        };
      },
    },
    events: {
      async signOut({ token }) {
        const claims = sessionClaimsSchema.safeParse(token);
        if (claims.success) await store.revokeSession(claims.data.session_id, clock.now());
      },
    },
    logger: {
      // Metadata of next-auth holds requests and tokens: only the code is told.
      error: (code) => logger.warn({ code }, "next-auth reported an error"),
      warn: (code) => logger.debug({ code }, "next-auth warned"),
      debug: () => {},
    },
  };
}

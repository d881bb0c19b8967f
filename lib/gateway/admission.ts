import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { clientAddress } from "../auth/client-address.ts";
import { isOwnOrigin, type OriginSettings } from "../auth/request-origin.ts";
import { ForesightError, isForesightError } from "../domain/errors.ts";
import { may, type Principal } from "../domain/identity.ts";
import type { Authenticator, Credentials } from "../ports/authenticator.ts";
import type { SharedState } from "../ports/shared-state.ts";
import type { Metrics } from "../ports/system.ts";
import type { OpenSockets, Place } from "./open-sockets.ts";

/** Failed handshakes that one address may have in a minute before it is told to wait. */
const FAILURES = { points: 120, per_s: 60 };

/** Decides who may open a socket, in both gateways. */
export class Admission {
  constructor(
    private readonly options: {
      authenticator: Authenticator;
      shared: Pick<SharedState, "consume">;
      metrics: Metrics;
      origins: OriginSettings;
      sockets: OpenSockets;
      sockets_per_user: number;
    },
  ) {}

  /** Programs send no Origin; whatever a browser sends must be one of ours. */
  originAllowed(headers: IncomingHttpHeaders): boolean {
    return headers.origin === undefined || isOwnOrigin(headersOf(headers), this.options.origins);
  }

  address(request: Pick<IncomingMessage, "headers" | "socket">): string {
    return clientAddress(
      request.socket.remoteAddress,
      request.headers["x-forwarded-for"],
      this.options.origins.trusted_proxies,
    );
  }

  /**
   * The principal and a place among the user's sockets.
   * @throws ForesightError `unauthorized`, `forbidden` (a role that may not read, a cookie without an Origin),
   * `rate_limited`, `too_many`
   */
  async admit(
    credentials: Credentials,
    from: { address: string; origin_known: boolean },
  ): Promise<{ principal: Principal; place: Place }> {
    const { authorization, token, ticket } = credentials;
    const by_cookie = authorization === undefined && token === undefined && ticket === undefined;
    if (by_cookie && credentials.cookie !== undefined && !from.origin_known)
      throw new ForesightError(
        "forbidden",
        "A session's cookie counts only with an Origin header; programs use a token or a ticket.",
      );
    const principal = await this.authenticate(credentials, from.address);
    if (!may(principal.role, "read"))
      throw new ForesightError("forbidden", "This credential may not read the stream.");
    const place = await this.options.sockets.take(principal);
    if (place === undefined)
      throw new ForesightError(
        "too_many",
        `A user or token may have ${this.options.sockets_per_user} sockets open at once; close one first.`,
      );
    return { principal, place };
  }

  private async authenticate(credentials: Credentials, address: string): Promise<Principal> {
    try {
      return await this.options.authenticator.authenticate(credentials);
    } catch (error) {
      if (!isForesightError(error) || error.code !== "unauthorized") throw error;
      const { allowed, retry_after_s } = await this.options.shared.consume(
        "handshake_failures",
        address,
        FAILURES,
      );
      if (allowed) throw error;
      throw new ForesightError("rate_limited", "Too many failed attempts; wait before the next.", {
        retry_after_s,
      });
    }
  }
}

function headersOf(headers: IncomingHttpHeaders): { get(name: string): string | null } {
  return {
    get(name) {
      const value = headers[name];
      return value === undefined ? null : String(value);
    },
  };
}

/** Only non-empty text is a credential; whatever else a client sends in its place is none. */
export function textOrNothing(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

import type { Principal } from "../domain/identity.ts";
import type { Authenticator } from "../ports/authenticator.ts";
import type { SharedState } from "../ports/shared-state.ts";
import type { Clock, Logger, Metrics } from "../ports/system.ts";
import { CLOSE } from "../protocol/messages.ts";

/** An open socket as far as its credential and its end are concerned. */
export interface OpenSocket {
  readonly principal: Principal;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** A place among a user's sockets. A class, as there is one for each of many sockets. */
export class Place {
  private socket: OpenSocket | undefined;
  private left = false;

  constructor(
    private readonly principal: Principal,
    private readonly all: OpenSockets,
  ) {}

  fill(socket: OpenSocket): void {
    if (this.left) return;
    this.socket = socket;
    this.all.opened(socket);
  }

  leave(): void {
    if (this.left) return;
    this.left = true;
    this.all.left(this.principal, this.socket);
  }
}

/**
 * Whose sockets are counted together: a person's, however often signed in; a program's by its token, since names of
 * tokens are free text and most of them the default one.
 */
function userOf({ kind, tenant_id, subject, credential_id }: Principal): string {
  return kind === "token" ? `token\0${credential_id}` : `person\0${tenant_id}\0${subject}`;
}

/** Closes are spread over so long at most, and whoever is left then is cut off. */
const DRAIN_MS = { jitter: 1_000, each: 5, most: 2_000 };

/**
 * All open sockets of this instance: takes their places among those of their user, looks every second whether their
 * credentials still count, and closes them when the server goes.
 */
export class OpenSockets {
  private readonly sockets = new Set<OpenSocket>();
  private checking = false;
  /** Asked to look while it looked: what it was told of may not be in what it is reading. */
  private again = false;
  private emptied: (() => void) | undefined;

  constructor(
    private readonly options: {
      authenticator: Authenticator;
      shared: Pick<SharedState, "takePlace" | "leavePlace">;
      clock: Clock;
      logger: Logger;
      metrics: Metrics;
      sockets_per_user: number;
      random: () => number;
    },
  ) {}

  get size(): number {
    return this.sockets.size;
  }

  /** @returns `undefined` where the user has as many sockets as one may have */
  async take(principal: Principal): Promise<Place | undefined> {
    const { shared, sockets_per_user } = this.options;
    const taken = await shared.takePlace(userOf(principal), sockets_per_user);
    return taken ? new Place(principal, this) : undefined;
  }

  /** For places: one has been filled. */
  opened(socket: OpenSocket): void {
    this.sockets.add(socket);
    this.gauge();
  }

  /** For places: one is free again. */
  left(principal: Principal, socket: OpenSocket | undefined): void {
    const { shared, logger } = this.options;
    shared
      .leavePlace(userOf(principal))
      .catch((error: unknown) =>
        logger.warn({ error: String(error) }, "a socket's place could not be given back"),
      );
    if (socket !== undefined) this.sockets.delete(socket);
    this.gauge();
    if (this.sockets.size === 0) this.emptied?.();
  }

  /** Closes the sockets whose credential has expired or been revoked. */
  async check(): Promise<void> {
    if (this.checking) {
      this.again = true;
      return;
    }
    if (this.sockets.size === 0) return;
    this.checking = true;
    this.again = false;
    try {
      const now = this.options.clock.now();
      const ids = new Set<string>();
      for (const socket of this.sockets) {
        if (socket.principal.expires_at <= now)
          socket.close(CLOSE.CREDENTIAL_EXPIRED, "Your credential has expired; sign in again.");
        else ids.add(socket.principal.credential_id);
      }
      const revoked = await this.options.authenticator.revoked([...ids]);
      for (const socket of this.sockets)
        if (revoked.has(socket.principal.credential_id))
          socket.close(CLOSE.REVOKED, "Your credential no longer counts; sign in again.");
    } catch (error) {
      this.options.logger.warn({ error: String(error) }, "credentials of open sockets could not be checked");
    } finally {
      this.checking = false;
    }
    if (this.again) await this.check();
  }

  /** Closes all, spread over a moment so that they do not all come back at once. */
  async drain(): Promise<void> {
    const { random } = this.options;
    const spread = Math.min(DRAIN_MS.jitter, this.sockets.size * DRAIN_MS.each);
    const timers = [...this.sockets].map((socket) =>
      setTimeout(
        () => socket.close(CLOSE.SHUTTING_DOWN, "The server is restarting; come back and resume."),
        random() * spread,
      ),
    );
    if (this.sockets.size > 0)
      await new Promise<void>((resolve) => {
        this.emptied = resolve;
        timers.push(setTimeout(resolve, DRAIN_MS.most));
      });
    for (const timer of timers) clearTimeout(timer);
    for (const socket of this.sockets) socket.terminate();
  }

  private gauge(): void {
    this.options.metrics.gauge("foresight_sockets", this.sockets.size);
  }
}

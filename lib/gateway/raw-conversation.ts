import type { Metrics } from "../ports/system.ts";
import { CLOSE } from "../protocol/messages.ts";
import type { RealtimeSession } from "../realtime/realtime.ts";
import type { Place } from "./open-sockets.ts";
import type { RawConnection } from "./raw-connection.ts";

/** Between two pings. A peer that dies right after an answer is given up at the fourth: within 44 s. */
export const HEARTBEAT_MS = 11_000;
/** A socket that said nothing for so many pings is dead. */
const SILENT_PINGS = 3;
const BAD_MESSAGES = 3;

/** What one raw socket says, and whether it still does. */
export class RawConversation {
  private bad = 0;
  private silent_pings = 0;
  private bytes_read = 0;

  constructor(
    private readonly connection: RawConnection,
    private readonly session: RealtimeSession,
    private readonly place: Place,
    private readonly metrics: Metrics,
  ) {}

  receive(data: Buffer, is_binary: boolean): void {
    const value = is_binary ? undefined : parsed(data);
    if (value === undefined) this.refuse();
    else this.session.receive(value.json);
  }

  /** Asks whether the peer is there, and ends the socket where nothing at all came since so many questions. */
  heartbeat(): void {
    const { bytes_read } = this.connection;
    if (bytes_read !== this.bytes_read) this.silent_pings = 0;
    this.bytes_read = bytes_read;
    if (this.silent_pings >= SILENT_PINGS) {
      this.metrics.increment("foresight_sockets_lost_total");
      this.connection.terminate();
      return;
    }
    this.silent_pings++;
    this.connection.ping();
  }

  /** The socket is gone. */
  end(): void {
    this.session.close();
    this.place.leave();
  }

  private refuse(): void {
    this.metrics.increment("foresight_client_messages_refused_total", { code: "invalid_message" });
    this.bad++;
    this.session.fail("invalid_message", `Expected JSON in a text frame (${this.bad} of ${BAD_MESSAGES}).`);
    if (this.bad >= BAD_MESSAGES) this.connection.close(CLOSE.POLICY, "Too many messages that are no JSON.");
  }
}

function parsed(data: Buffer): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(data.toString()) };
  } catch {
    return undefined;
  }
}

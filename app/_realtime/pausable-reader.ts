import type { ServerMessage } from "../../lib/protocol/messages.ts";
import type { TransportFactory, TransportHandlers } from "./transport.ts";

/** What is held back at most; a reader that stands still for longer loses its connection, and resumes. */
export const MOST_HELD = 20_000;
const LOST = 1006;

type Held = { message: ServerMessage } | { bytes: Uint8Array };

/**
 * A reader that can be made to stand still, as a page does that its browser has put to sleep: what comes is held
 * back and read in its order afterwards.
 */
export class PausableReader {
  private standing = false;
  private held: Held[] = [];
  /** Of the connection that what is held came by. */
  private handlers: TransportHandlers | undefined;

  get paused(): boolean {
    return this.standing;
  }

  /** Messages that came and were not read yet. */
  get waiting(): number {
    return this.held.length;
  }

  pause(): void {
    this.standing = true;
  }

  goOn(): void {
    this.standing = false;
    const { held, handlers } = this;
    this.held = [];
    for (const one of held) {
      if ("message" in one) handlers?.message(one.message);
      else handlers?.binary(one.bytes);
    }
  }

  /** A transport whose messages this reader reads. */
  of(factory: TransportFactory): TransportFactory {
    return (target, handlers) => {
      const take = (one: Held, read: () => void) => {
        if (!this.standing) return read();
        this.held.push(one);
        if (this.held.length <= MOST_HELD) return;
        this.held = [];
        transport.close();
        handlers.closed(LOST, "The reader stood still for too long");
      };
      // What is held of a connection that is gone comes again when the next one resumes.
      this.held = [];
      this.handlers = handlers;
      const transport = factory(target, {
        ...handlers,
        message: (message) => take({ message }, () => handlers.message(message)),
        binary: (bytes) => take({ bytes }, () => handlers.binary(bytes)),
      });
      return transport;
    };
  }
}

import type { EpochMs } from "../domain/time.ts";
import type { Channel } from "../protocol/messages.ts";
import type { ChannelKind } from "./channel-kinds.ts";
import type { Connection, Payload } from "./connection.ts";
import type { Addressee, Outbox } from "./outbox.ts";
import type { Run } from "./runs.ts";
import type { Wish } from "./wish.ts";

/** The socket behind a subscription. */
export interface Recipient {
  readonly connection: Connection;
  readonly outbox: Outbox;
}

/** A subscription as its session sees it. */
export interface ChannelSubscription {
  readonly channel: Channel;
  /** Cursor up to which everything has been written. */
  readonly sent: string;
  /** What was missed has been replayed, and it follows the stream. */
  readonly live: boolean;
  end(): void;
}

/** One socket's subscription to one channel. */
export class Member<V> implements ChannelSubscription, Addressee<V> {
  live = false;
  ended = false;

  constructor(
    readonly kind: ChannelKind<V>,
    readonly recipient: Recipient,
    readonly wish: Wish,
    public sent: string,
    private readonly left: (member: Member<V>) => void,
  ) {}

  get channel(): Channel {
    return this.kind.channel;
  }

  encode(runs: readonly Run<V>[], cursor: string, now: EpochMs): Payload[] {
    return this.kind.encode(runs, this.wish.format, cursor, now);
  }

  delivered(cursor: string): void {
    this.sent = cursor;
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.live = false;
    this.recipient.outbox.forget(this as unknown as Addressee<never>);
    this.left(this);
  }
}

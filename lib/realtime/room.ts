import type { ChannelKind } from "./channel-kinds.ts";
import { MaxRate } from "./max-rate.ts";
import type { Member } from "./member.ts";
import { filterRuns, type Run } from "./runs.ts";
import type { Wish } from "./wish.ts";

/** Those who want the same of a channel and are served from one encoding. */
export class Room<V> {
  readonly members = new Set<Member<V>>();
  readonly rate: MaxRate<V> | undefined;

  constructor(
    readonly key: string,
    private readonly kind: ChannelKind<V>,
    readonly wish: Wish,
    cursor: string,
  ) {
    this.rate = wish.max_rate === undefined ? undefined : new MaxRate(kind, wish.max_rate, cursor);
  }

  wanted(runs: readonly Run<V>[]): readonly Run<V>[] {
    const { assets } = this.wish;
    return assets === undefined ? runs : filterRuns(runs, (value) => assets.has(this.kind.assetOf(value)));
  }
}

/** What is wanted of a channel, whoever wants it. */
export type RoomLike<V> = Pick<Room<V>, "key" | "wish" | "wanted">;

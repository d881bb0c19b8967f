import type { Format } from "../protocol/messages.ts";
import type { ChannelKind } from "./channel-kinds.ts";
import { MaxRate } from "./max-rate.ts";
import type { Member } from "./member.ts";
import { filterRuns, type Run } from "./runs.ts";

/** What a subscription asks for. */
export interface Wish {
  format: Format;
  /** Only these assets. */
  assets?: ReadonlySet<string>;
  /** Messages a second and series at most. */
  max_rate?: number;
}

/** Two wishes with the same key are served by one room. */
export function wishKey({ format, assets, max_rate }: Wish): string {
  return JSON.stringify([format, max_rate ?? 0, assets === undefined ? null : [...assets].sort()]);
}

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

import { decodeCursor } from "../../lib/protocol/cursor.ts";
import type { Channel } from "../../lib/protocol/messages.ts";

/** Whether cursor `a` lies beyond `b` in some partition of the same log. */
export function isBeyond(a: string, b: string): boolean {
  const [to, from] = [decodeCursor(a), decodeCursor(b)];
  if (to === undefined || from === undefined || to.log_id !== from.log_id) return a !== b;
  return Object.entries(to.next).some(([partition, offset]) => offset > (from.next[Number(partition)] ?? 0));
}

/** Where each channel goes on from after a break. */
export class Cursors {
  private readonly known = new Map<Channel, string>();

  get(channel: Channel): string | undefined {
    return this.known.get(channel);
  }

  set(channel: Channel, cursor: string): void {
    this.known.set(channel, cursor);
  }

  forget(channel: Channel): void {
    this.known.delete(channel);
  }

  clear(): void {
    this.known.clear();
  }

  /** Those of the given channels, as `subscribe` carries them; `undefined` where there are none. */
  of(channels: readonly Channel[]): Partial<Record<Channel, string>> | undefined {
    const cursors: Partial<Record<Channel, string>> = {};
    for (const channel of channels) {
      const cursor = this.known.get(channel);
      if (cursor !== undefined) cursors[channel] = cursor;
    }
    return Object.keys(cursors).length > 0 ? cursors : undefined;
  }
}

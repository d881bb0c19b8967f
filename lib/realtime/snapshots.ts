import type { EpochMs } from "../domain/time.ts";
import type { Snapshot, Store } from "../ports/store.ts";
import { toSnapshotMessage } from "../protocol/codec.ts";
import type { Channel } from "../protocol/messages.ts";
import type { Frames, Wire } from "./connection.ts";
import { controlPayload } from "./control.ts";

interface Kept {
  snapshot: Promise<Snapshot>;
  begun_at: EpochMs;
  /** Framed already, by what was asked for and wire. */
  frames: Map<string, Frames>;
}

/** What of a snapshot a subscription asks for. */
export interface SnapshotWish {
  channels: readonly Channel[];
  assets?: ReadonlySet<string>;
}

/** One read of the store serves everyone of a tenant who asks while it runs, and for a short time after. */
export class SharedSnapshots {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly store: Pick<Store, "snapshot">,
    private readonly now: () => EpochMs,
    private readonly kept_ms: number,
  ) {}

  /** The snapshot, and a way to have its message framed. */
  async get(
    tenant_id: string,
  ): Promise<{ snapshot: Snapshot; frame(wish: SnapshotWish, wire: Wire): Frames }> {
    const kept = this.recent(tenant_id) ?? this.read(tenant_id);
    const snapshot = await kept.snapshot;
    return {
      snapshot,
      frame: (wish, wire) => {
        const key = JSON.stringify([
          wire.id,
          wish.channels,
          wish.assets === undefined ? null : [...wish.assets],
        ]);
        let frames = kept.frames.get(key);
        if (frames === undefined) {
          const message = toSnapshotMessage(snapshot, { tenant_id, at: this.now(), ...wish });
          frames = wire.frame([controlPayload(message)]);
          kept.frames.set(key, frames);
        }
        return frames;
      },
    };
  }

  private recent(tenant_id: string): Kept | undefined {
    const kept = this.kept.get(tenant_id);
    const age = kept === undefined ? Number.POSITIVE_INFINITY : this.now() - kept.begun_at;
    return age >= 0 && age < this.kept_ms ? kept : undefined;
  }

  private read(tenant_id: string): Kept {
    const kept: Kept = { snapshot: this.store.snapshot(tenant_id), begun_at: this.now(), frames: new Map() };
    this.kept.set(tenant_id, kept);
    const drop = () => {
      if (this.kept.get(tenant_id) === kept) this.kept.delete(tenant_id);
    };
    kept.snapshot.then(() => setTimeout(drop, this.kept_ms).unref(), drop);
    return kept;
  }
}

import { CHANNELS, type SnapshotMessage } from "../../lib/protocol/messages.ts";
import { toSnapshotMessage } from "../../lib/protocol/wire.ts";
import type { App } from "../../lib/runtime/handle.ts";

const running = new WeakMap<App, Map<string, Promise<SnapshotMessage>>>();

/** Reads a tenant's snapshot; those who ask while it is being read share that one read. */
export function sharedSnapshot(app: App, tenant_id: string): Promise<SnapshotMessage> {
  const reads = running.get(app) ?? new Map<string, Promise<SnapshotMessage>>();
  running.set(app, reads);
  const shared = reads.get(tenant_id);
  if (shared !== undefined) return shared;
  const read = app.store
    .snapshot(tenant_id)
    .then((snapshot) => toSnapshotMessage(snapshot, { tenant_id, at: app.clock.now(), channels: CHANNELS }))
    .finally(() => reads.delete(tenant_id));
  reads.set(tenant_id, read);
  return read;
}

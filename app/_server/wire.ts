import type { TokenRecord, Upload, User } from "../../lib/domain/account.ts";
import type { Alert, AlertEvent } from "../../lib/domain/alert.ts";
import type { StoredSettings } from "../../lib/domain/tenant-settings.ts";
import { formatTimestamp } from "../../lib/domain/time.ts";
import { toWireAlert } from "../../lib/protocol/wire.ts";

/** Domain objects that travel over HTTP alone; those of messages too are in `lib/protocol/wire.ts`. */

export function toWireDetail({ alert, events }: { alert: Alert; events: AlertEvent[] }) {
  return {
    alert: toWireAlert(alert),
    events: events.map(({ seq, event_id, kind, at, by, comment, alert }) => ({
      seq,
      event_id,
      kind,
      at: formatTimestamp(at),
      by,
      ...(comment !== undefined && { comment }),
      alert: toWireAlert(alert),
    })),
  };
}

export function toWireUpload({ started_at, finished_at, ...upload }: Upload) {
  return {
    ...upload,
    started_at: formatTimestamp(started_at),
    ...(finished_at !== undefined && { finished_at: formatTimestamp(finished_at) }),
  };
}

/** Without the password's hash, which never leaves the server. */
export function toWireUser({ username, tenant_id, role, disabled, created_at }: User) {
  return { username, tenant_id, role, disabled, created_at: formatTimestamp(created_at) };
}

export function toWireToken({ created_at, expires_at, ...record }: TokenRecord) {
  return { ...record, created_at: formatTimestamp(created_at), expires_at: formatTimestamp(expires_at) };
}

export function toWireSettings({ changed_at, ...settings }: StoredSettings) {
  return { ...settings, ...(changed_at !== undefined && { changed_at: formatTimestamp(changed_at) }) };
}

import type { AlertStore } from "../../ports/store.ts";
import { type News, watchDatabase } from "./news.ts";
import type { SqliteDatabase } from "./sqlite.ts";

type Listener = Parameters<AlertStore["onAlertEvents"]>[0];

/** Tells listeners of new alert events, of this thread and of all others; looks only while someone listens. */
export function createAlertWatch(
  db: SqliteDatabase,
  news: News,
  heads: () => { tenant_id: string; last_seq: number }[],
): { on(listener: Listener): () => void; close(): void } {
  const listeners = new Set<Listener>();
  let seen = new Map<string, number>();
  let unwatch: (() => void)[] = [];

  const look = () => {
    for (const { tenant_id, last_seq } of heads()) {
      if (last_seq <= (seen.get(tenant_id) ?? 0)) continue;
      seen.set(tenant_id, last_seq);
      for (const listener of listeners) listener(tenant_id, last_seq);
    }
  };
  const close = () => {
    for (const end of unwatch) end();
    unwatch = [];
  };
  return {
    on(listener) {
      if (listeners.size === 0) {
        seen = new Map(heads().map(({ tenant_id, last_seq }) => [tenant_id, last_seq]));
        unwatch = [news.on("alerts", look), watchDatabase(db, look)];
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) close();
      };
    },
    close,
  };
}

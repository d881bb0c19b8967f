import { resolve } from "node:path";
import { BroadcastChannel } from "node:worker_threads";
import type { SqliteDatabase } from "./sqlite.ts";

export type NewsTopic = "sensor_readings" | "health_scores" | "alerts" | "config";

/** Tells the threads of this process that something of a data directory has changed. What changed is read anew. */
export interface News {
  /** Reaches every listener of every `News` of this directory in this process, those of this object too. */
  publish(topic: NewsTopic): void;
  /** @returns what ends it */
  on(topic: NewsTopic, listener: () => void): () => void;
  close(): void;
}

/** Opens the news of a data directory; it does not keep the process alive. */
export function openNews(data_dir: string): News {
  const channel = new BroadcastChannel(`foresight:${resolve(data_dir)}`);
  channel.unref();
  const listeners = new Map<NewsTopic, Set<() => void>>();
  let open = true;
  const tell = (topic: NewsTopic) => {
    for (const listener of listeners.get(topic) ?? []) listener();
  };
  channel.onmessage = (message) => {
    const { data } = message as { data: { topic: NewsTopic } };
    if (open) tell(data.topic);
  };
  return {
    publish(topic) {
      if (!open) return;
      channel.postMessage({ topic });
      queueMicrotask(() => open && tell(topic));
    },
    on(topic, listener) {
      const of = listeners.get(topic) ?? new Set();
      listeners.set(topic, of.add(listener));
      return () => void of.delete(listener);
    },
    close() {
      if (!open) return;
      open = false;
      listeners.clear();
      channel.close();
    },
  };
}

const POLL_MS = 500;

/**
 * Calls back when another connection has committed, which is how the work of other processes is noticed: they
 * have no part in the news. The timer does not keep the process alive.
 * @returns what ends it
 */
export function watchDatabase(db: SqliteDatabase, changed: () => void, every_ms = POLL_MS): () => void {
  let seen = db.dataVersion();
  const timer = setInterval(() => {
    const now = db.dataVersion();
    if (now === seen) return;
    seen = now;
    changed();
  }, every_ms);
  timer.unref();
  return () => clearInterval(timer);
}

import type { EventLog, Topic } from "../../ports/event-log.ts";
import type { Logger, Service } from "../../ports/system.ts";
import { decodeStretch } from "./log-decode.ts";
import { positionAt } from "./log-position.ts";
import { Signal, Subscriptions, subscribeTo, type TopicSource } from "./log-subscription.ts";
import { type News, openNews } from "./news.ts";
import { openHealthFile, openReadingsFile, type TopicFile } from "./topic-files.ts";

export type LogReader = Pick<EventLog, "read" | "head" | "earliest" | "subscribe"> & Service;

/**
 * Reads the log of a data directory on connections of its own, beside the one that writes it: for a worker thread
 * (its calls wait for the disk) or another process. Woken by news and, where there are none, by looking twice a
 * second. Files that are not there yet are waited for.
 */
export function openLogReader({ data_dir, logger }: { data_dir: string; logger: Logger }): LogReader {
  const files = { sensor_readings: openReadingsFile(data_dir), health_scores: openHealthFile(data_dir) };
  const signals = { sensor_readings: new Signal(), health_scores: new Signal() };
  const topics = ["sensor_readings", "health_scores"] as const satisfies Topic[];
  const subscriptions = new Subscriptions();
  let news: News | undefined;
  let unwatch: (() => void)[] = [];

  const source = <T extends Topic>(topic: T): TopicSource<T> => {
    const file = files[topic] as unknown as TopicFile<T>;
    return {
      signal: signals[topic],
      extent: async () => file.extent(),
      since: async (at) => {
        const offset = file.since(at);
        return positionAt(file.extent().log_id, offset);
      },
      read: (from, max_values) => decodeStretch[topic](file.read(from, max_values), max_values),
    };
  };

  return {
    async start() {
      if (news !== undefined) return;
      news = openNews(data_dir);
      for (const topic of topics) {
        const wake = () => signals[topic].notify();
        news.on(topic, wake);
        unwatch.push(files[topic].watch(wake));
      }
    },
    async stop() {
      await subscriptions.stop();
      for (const end of unwatch) end();
      unwatch = [];
      news?.close();
      news = undefined;
      for (const topic of topics) files[topic].close();
    },
    async head(topic) {
      const { log_id, head } = files[topic].extent();
      return positionAt(log_id, head);
    },
    async earliest(topic) {
      const { log_id, earliest } = files[topic].extent();
      return positionAt(log_id, earliest);
    },
    read: async (topic, from, max_values) => source(topic).read(from, max_values),
    subscribe: async (topic, start, handler) =>
      subscriptions.add(await subscribeTo(source(topic), topic, start, handler, logger)),
  };
}

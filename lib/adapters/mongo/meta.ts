import type { Collections, MetaDoc } from "./collections.ts";

/** Single values that the store keeps of itself. */
export interface Meta {
  get<T extends MetaDoc["value"]>(key: string): Promise<T | undefined>;
  set(key: string, value: MetaDoc["value"]): Promise<void>;
  increment(key: string): Promise<void>;
}

export function createMeta({ meta }: Pick<Collections, "meta">): Meta {
  return {
    async get<T extends MetaDoc["value"]>(key: string) {
      return (await meta.findOne({ _id: key }))?.value as T | undefined;
    },
    async set(key, value) {
      await meta.updateOne({ _id: key }, { $set: { value } }, { upsert: true });
    },
    async increment(key) {
      await meta.updateOne({ _id: key }, { $inc: { value: 1 as never } }, { upsert: true });
    },
  };
}

import type { ObjectId } from "mongodb";
import { decodeSamples } from "../../domain/chunk.ts";
import type { BlobReader } from "./blobs.ts";
import type { ChunkDoc } from "./collections.ts";

const MOST_BYTES = 32 * 1024 * 1024;

/** Chunks that were written here and still grow, so that what comes next need not ask for them. A chunk never changes. */
export class RecentChunks implements BlobReader {
  private readonly kept = new Map<string, Uint8Array>();
  private bytes = 0;

  constructor(private readonly blobs: BlobReader) {}

  chunk(id: ObjectId): ReturnType<BlobReader["chunk"]> {
    const data = this.kept.get(id.toHexString());
    return data === undefined ? this.blobs.chunk(id) : Promise.resolve(decodeSamples(data));
  }

  node(id: ObjectId): ReturnType<BlobReader["node"]> {
    return this.blobs.node(id);
  }

  keep({ _id, data }: ChunkDoc): void {
    if (this.bytes + data.length > MOST_BYTES) this.clear();
    this.kept.set(_id.toHexString(), data);
    this.bytes += data.length;
  }

  forget(ids: readonly ObjectId[]): void {
    for (const id of ids) {
      const key = id.toHexString();
      this.bytes -= this.kept.get(key)?.length ?? 0;
      this.kept.delete(key);
    }
  }

  clear(): void {
    this.kept.clear();
    this.bytes = 0;
  }
}

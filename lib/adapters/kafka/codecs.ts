import { createRequire } from "node:module";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Decompress } from "fzstd";

const require = createRequire(import.meta.url);
const snappy = (
  require("kafkajs-snappy") as () => { decompress(buffer: Buffer): Promise<Uint8Array | Buffer> }
)();
const lz4 = require("lz4js") as {
  decompressBound(source: Uint8Array): number;
  decompress(source: Uint8Array, most: number): Uint8Array;
};
const gunzipped = promisify(gunzip);

/** What one batch may become: a producer's batch is 1 MB at most as it is configured usually, a bomb is a thousand times that. */
export const MOST_BATCH_BYTES = 64 * 1024 * 1024;

/** [bad input 57] The output would be larger than a batch may be. */
export class BatchTooLarge extends Error {
  constructor(most: number) {
    super(`the batch is larger than ${Math.round(most / 1024 / 1024)} MB when decompressed`);
  }
}

/** Number of the codec in a batch's attributes → its name. */
export const CODECS = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);

/** Sum of the lengths that the blocks of a snappy buffer announce; the decoder allocates what they announce. */
function snappySize(buffer: Buffer): number {
  const announced = (at: number): number => {
    let size = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = buffer[at++] ?? 0;
      size += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return size;
  };
  if (!buffer.subarray(0, 8).equals(XERIAL)) return announced(0);
  let size = 0;
  for (let at = 16; at + 4 <= buffer.length; ) {
    const length = buffer.readUInt32BE(at);
    size += announced(at + 4);
    at += 4 + length;
  }
  return size;
}

function unzstd(buffer: Buffer, most: number): Buffer {
  const parts: Uint8Array[] = [];
  let size = 0;
  const stream = new Decompress((part) => {
    size += part.length;
    if (size > most) throw new BatchTooLarge(most);
    parts.push(part.slice());
  });
  // In small pieces, so that a bomb is seen before it has gone off: a block of 128 KB may be three bytes.
  for (let at = 0; at < buffer.length; at += 4_096)
    stream.push(buffer.subarray(at, at + 4_096), at + 4_096 >= buffer.length);
  return Buffer.concat(parts, size);
}

/**
 * Decompresses a batch's records, never to more than `most` bytes.
 * @param codec the codec's number in the batch's attributes
 * @throws Error saying what is wrong with them
 */
export async function decompress(codec: number, buffer: Buffer, most = MOST_BATCH_BYTES): Promise<Buffer> {
  switch (codec) {
    case 0:
      return buffer;
    case 1:
      try {
        return await gunzipped(buffer, { maxOutputLength: most });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw new BatchTooLarge(most);
        throw error;
      }
    case 2:
      if (snappySize(buffer) > most) throw new BatchTooLarge(most);
      return Buffer.from(await snappy.decompress(buffer));
    case 3: {
      const bound = lz4.decompressBound(buffer);
      if (bound > most) throw new BatchTooLarge(most);
      const output = lz4.decompress(buffer, bound);
      return Buffer.from(output.buffer, output.byteOffset, output.byteLength);
    }
    case 4:
      return unzstd(buffer, most);
    default:
      throw new Error(`compressed by a codec unknown here (${codec})`);
  }
}

import { ForesightError } from "../domain/errors.ts";

/**
 * Reads a whole request body of at most `max_bytes`. `onChunk` hears of every chunk's size before it is kept.
 * @throws ForesightError `too_large` as soon as the bound is passed, without reading the rest
 */
export async function readBody(
  body: AsyncIterable<Uint8Array>,
  max_bytes: number,
  onChunk: (bytes: number) => void = () => {},
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > max_bytes)
      throw new ForesightError(
        "too_large",
        `The body is larger than ${max_bytes} bytes; send it in several requests.`,
      );
    onChunk(chunk.byteLength);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? Buffer.from(chunks[0]!) : Buffer.concat(chunks, size);
}

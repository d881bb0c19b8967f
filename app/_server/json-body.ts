import { ForesightError } from "../../lib/domain/errors.ts";

/** Bodies of the API are small; readings and files have routes and bounds of their own. */
const MOST_BYTES = 64 * 1024;
const DEEPEST = 32;

/** The media type of a request without its parameters, in lower case; empty where it says none. */
export function mediaTypeOf(request: Request): string {
  return (request.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
}

/**
 * Reads a JSON body.
 * @throws ForesightError `unsupported_media_type`, `too_large`, `invalid_request` (no JSON, nested deeper than 32
 *   levels, a `__proto__` key)
 */
export async function readJson(request: Request): Promise<unknown> {
  if (mediaTypeOf(request) !== "application/json")
    throw new ForesightError("unsupported_media_type", "Send the body as application/json.");
  const text = await readText(request, MOST_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ForesightError("invalid_request", "The body is not JSON.");
  }
  inspect(value, 0);
  return value;
}

/** @throws ForesightError `too_large` past `most` bytes, without reading the rest */
export async function readText(request: Request, most: number): Promise<string> {
  const tooLarge = () =>
    new ForesightError("too_large", `The body is larger than ${most} bytes, the most that is taken here.`);
  if (Number(request.headers.get("content-length") ?? 0) > most) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bodyOf(request)) {
    size += chunk.byteLength;
    if (size > most) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString("utf8");
}

export async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  if (request.body !== null) yield* request.body as unknown as AsyncIterable<Uint8Array>;
}

function inspect(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth >= DEEPEST)
    throw new ForesightError("invalid_request", `The body is nested deeper than ${DEEPEST} levels.`);
  if (Object.hasOwn(value, "__proto__"))
    throw new ForesightError(
      "invalid_request",
      "The body has a key __proto__, which nothing here is called.",
    );
  for (const part of Object.values(value)) inspect(part, depth + 1);
}

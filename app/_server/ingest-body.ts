import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ForesightError } from "../../lib/domain/errors.ts";
import { bodyOf, mediaTypeOf } from "./json-body.ts";

/** @throws ForesightError `unsupported_media_type` */
export function ingestFormat(request: Request): "json" | "ndjson" {
  switch (mediaTypeOf(request)) {
    case "application/json":
      return "json";
    case "application/x-ndjson":
    case "application/ndjson":
      return "ndjson";
    default:
      throw new ForesightError(
        "unsupported_media_type",
        "Send readings as application/json (an array) or application/x-ndjson (one a line).",
      );
  }
}

/**
 * The body as it is to be parsed. What gzip holds is inflated only as far as the reader asks, so its bound on bytes
 * holds for what comes out, and a bomb is refused before it has grown.
 * @throws ForesightError `unsupported_media_type`; while it is read `invalid_request` where it is no gzip
 */
export function inflatedBody(request: Request): AsyncIterable<Uint8Array> {
  const encoding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  if (encoding === "identity") return bodyOf(request);
  if (encoding !== "gzip")
    throw new ForesightError("unsupported_media_type", "Content-Encoding may be gzip or absent.");
  return gunzipped(bodyOf(request));
}

async function* gunzipped(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const source = Readable.from(body, { objectMode: false });
  source.on("error", (error) => gunzip.destroy(error));
  try {
    yield* source.pipe(gunzip) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith("Z_"))
      throw new ForesightError("invalid_request", "The body is not what its Content-Encoding gzip says.");
    throw error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

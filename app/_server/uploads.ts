import { Readable } from "node:stream";
import { Busboy, type BusboyFileStream, type BusboyHeaders } from "@fastify/busboy";
import { type CsvMapping, csvMappingSchema } from "../../lib/domain/csv-mapping.ts";
import { ForesightError } from "../../lib/domain/errors.ts";
import { bodyOf, mediaTypeOf } from "./json-body.ts";
import { invalid } from "./problem.ts";

export interface UploadedFile {
  file_name: string;
  body: AsyncIterable<Uint8Array>;
  /** How its columns become readings, where its header has other names. */
  mapping?: CsvMapping;
}

const UNNAMED = "upload.csv";
/** Holds the mapping of the widest file that is taken. */
const MOST_FIELD_BYTES = 256 * 1024;

/** A name to show: without folders and control characters. */
export function shownName(name: string | undefined): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const safe = (name ?? "").replace(/[\u0000-\u001f\u007f]/g, "");
  const base = safe.split(/[\\/]/).at(-1)!.trim();
  return base === "" || base === "." || base === ".." ? UNNAMED : base.slice(0, 255);
}

/**
 * The file of an upload as a stream: the body itself (`text/csv`), or the field `file` of a form, which may have a
 * field `mapping` before it.
 * @throws ForesightError `unsupported_media_type`, `invalid_request` (a form that is broken or holds no file; a mapping
 *   that is none or comes too late)
 */
export async function fileOf(request: Request, file_name: string | undefined): Promise<UploadedFile> {
  switch (mediaTypeOf(request)) {
    case "text/csv":
      return { file_name: shownName(file_name), body: bodyOf(request) };
    case "multipart/form-data":
      return fileOfForm(request, file_name);
    default:
      throw new ForesightError(
        "unsupported_media_type",
        "Send the file as text/csv, or in the field `file` of multipart/form-data.",
      );
  }
}

function fileOfForm(request: Request, given_name: string | undefined): Promise<UploadedFile> {
  return new Promise((resolve, reject) => {
    const bad = (why: string) => reject(new ForesightError("invalid_request", `The form ${why}.`));
    let mapping: CsvMapping | undefined;
    let form: Busboy;
    try {
      form = new Busboy({
        headers: Object.fromEntries(request.headers) as BusboyHeaders,
        limits: { files: 1, fields: 10, fieldSize: MOST_FIELD_BYTES, parts: 12 },
      });
    } catch {
      bad("has no boundary");
      return;
    }
    const source = Readable.from(bodyOf(request), { objectMode: false });
    let file: BusboyFileStream | undefined;
    /** What became of the form behind the file. */
    let failure: Error | undefined;
    let end = () => {};
    const ended = new Promise<void>((done) => {
      end = done;
    });
    async function* untilEnd(stream: BusboyFileStream): AsyncGenerator<Uint8Array> {
      yield* stream;
      await ended;
      if (failure !== undefined) throw failure;
    }
    form.on("field", (field, value) => {
      if (field !== "mapping") return;
      if (file !== undefined)
        failure = new ForesightError(
          "invalid_request",
          "The field mapping stands behind the file; put it before.",
        );
      else
        try {
          mapping = readMapping(value);
        } catch (error) {
          reject(error);
          source.unpipe(form).destroy();
        }
    });
    form.on("file", (field, stream, name) => {
      if (field !== "file") {
        stream.resume();
        return;
      }
      file = stream;
      resolve({
        file_name: shownName(given_name ?? name),
        body: untilEnd(stream),
        ...(mapping !== undefined && { mapping }),
      });
    });
    const broken = (error: Error) => {
      if (file === undefined) bad("is broken");
      else file.destroy(error);
      failure ??= error;
      end();
    };
    source.on("error", broken);
    form.on("error", (error) => broken(error as Error));
    form.on("finish", () => {
      end();
      if (file === undefined) bad("has no file in the field `file`");
    });
    source.pipe(form);
  });
}

/** @throws ForesightError `invalid_request` with the paths that are wrong */
function readMapping(text: string): CsvMapping {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ForesightError("invalid_request", "The field mapping is not JSON.");
  }
  const parsed = csvMappingSchema.safeParse(value);
  if (!parsed.success) throw invalid("The mapping", parsed.error.issues);
  return parsed.data;
}

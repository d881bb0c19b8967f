import { Readable } from "node:stream";
import { Busboy, type BusboyFileStream, type BusboyHeaders } from "@fastify/busboy";
import { ForesightError } from "../../lib/domain/errors.ts";
import { bodyOf, mediaTypeOf } from "./json-body.ts";

export interface UploadedFile {
  file_name: string;
  body: AsyncIterable<Uint8Array>;
}

const UNNAMED = "upload.csv";

/** A name to show: without folders and control characters. */
export function shownName(name: string | undefined): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const safe = (name ?? "").replace(/[\u0000-\u001f\u007f]/g, "");
  const base = safe.split(/[\\/]/).at(-1)!.trim();
  return base === "" || base === "." || base === ".." ? UNNAMED : base.slice(0, 255);
}

/**
 * The file of an upload as a stream: the body itself (`text/csv`), or the field `file` of a form.
 * @throws ForesightError `unsupported_media_type`, `invalid_request` (a form that is broken or holds no file)
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
    let form: Busboy;
    try {
      form = new Busboy({
        headers: Object.fromEntries(request.headers) as BusboyHeaders,
        limits: { files: 1, fields: 10, fieldSize: 1_024, parts: 12 },
      });
    } catch {
      bad("has no boundary");
      return;
    }
    const source = Readable.from(bodyOf(request), { objectMode: false });
    let file: BusboyFileStream | undefined;
    form.on("file", (field, stream, name) => {
      if (field !== "file") {
        stream.resume();
        return;
      }
      file = stream;
      resolve({ file_name: shownName(given_name ?? name), body: stream });
    });
    const broken = (error: Error) => {
      if (file === undefined) bad("is broken");
      else file.destroy(error);
    };
    source.on("error", broken);
    form.on("error", (error) => broken(error as Error));
    form.on("finish", () => {
      if (file === undefined) bad("has no file in the field `file`");
    });
    source.pipe(form);
  });
}

import type { Upload } from "../../../lib/domain/account.ts";
import type { CsvMapping } from "../../../lib/domain/csv-mapping.ts";
import { ApiError } from "../api/request.ts";

/** An upload as the API gives it. */
export type WireUpload = Omit<Upload, "started_at" | "finished_at"> & {
  started_at: string;
  finished_at?: string;
};

/**
 * Sends a file whole; `onSent` tells how much has left this machine (fetch cannot). Resolves when the last row is
 * durable. `abort` breaks it off: what was taken stays, and the same file again adds nothing twice.
 */
export function sendFile(
  file: File,
  mapping: CsvMapping | undefined,
  onSent: (bytes: number) => void,
): { done: Promise<WireUpload>; abort: () => void } {
  const transfer = new XMLHttpRequest();
  const done = new Promise<WireUpload>((resolve, reject) => {
    transfer.open("POST", `/api/uploads?${new URLSearchParams({ file_name: file.name.slice(0, 255) })}`);
    transfer.setRequestHeader("Accept", "application/json");
    transfer.upload.onprogress = (event) => onSent(event.loaded);
    transfer.onload = () => {
      let body: Record<string, unknown> = {};
      try {
        body = JSON.parse(transfer.responseText) as Record<string, unknown>;
      } catch {
        // An answer that is no JSON is told by its status.
      }
      if (transfer.status >= 200 && transfer.status < 300) return resolve(body as unknown as WireUpload);
      const detail =
        typeof body.detail === "string" ? body.detail : `The server answered ${transfer.status}.`;
      reject(new ApiError(transfer.status, typeof body.code === "string" ? body.code : "", detail));
    };
    transfer.onerror = () => reject(new ApiError(0, "offline", "The connection to the server broke."));
    transfer.onabort = () => reject(new ApiError(0, "aborted", "Broken off by hand."));
    if (mapping === undefined) {
      transfer.setRequestHeader("Content-Type", "text/csv");
      transfer.send(file);
    } else {
      const form = new FormData();
      form.append("mapping", JSON.stringify(mapping));
      form.append("file", file);
      transfer.send(form);
    }
  });
  return { done, abort: () => transfer.abort() };
}

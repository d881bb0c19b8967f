import type { Upload } from "../domain/account.ts";
import type { CsvMapping } from "../domain/csv-mapping.ts";
import { isForesightError } from "../domain/errors.ts";
import { DEFAULT_TIMESTAMP_BOUNDS, type TimestampBounds } from "../domain/time.ts";
import type { EventLog } from "../ports/event-log.ts";
import type { UploadStore } from "../ports/store.ts";
import type { Clock, Metrics } from "../ports/system.ts";
import { readCsv } from "./csv/csv-readings.ts";
import { type BadRow, createRowBatcher, type RowBatch } from "./csv/row-batcher.ts";
import { appendPatiently, type Pause, pause } from "./patience.ts";

export interface UploadService {
  /** Streams a CSV in; resolves with the finished upload, whose progress can be asked meanwhile by its id. */
  start(
    request: {
      tenant_id: string;
      by: string;
      file_name: string;
      bytes: number;
      mapping?: CsvMapping | undefined;
    },
    body: AsyncIterable<Uint8Array>,
  ): { id: string; done: Promise<Upload> };
  get(tenant_id: string, id: string): Promise<Upload | undefined>;
}

export interface UploadDependencies {
  log: Pick<EventLog, "append">;
  store: UploadStore;
  clock: Clock;
  metrics: Metrics;
  bounds?: TimestampBounds;
  ids: () => string;
  pause?: Pause;
}

const READINGS_A_BATCH = 5_000;
const KEPT_REJECTS = 1_000;
const KEPT_TEXT = 200;
const SAVE_EVERY_MS = 500;

/**
 * Uploads of CSV files. Batches are cut by the file's lines alone and their idempotency keys come from their
 * content, so the same file again, after an interruption or not, adds nothing that is there already.
 * `stop` interrupts what is running and resolves when each has been saved as `interrupted`.
 */
export function createUploadService(
  dependencies: UploadDependencies,
): UploadService & { stop(): Promise<void> } {
  const { store, clock, ids } = dependencies;
  const running = new Map<string, { upload: Upload; done: Promise<Upload> }>();
  const stopping = new AbortController();

  return {
    start({ tenant_id, by, file_name, bytes, mapping }, body) {
      const id = ids();
      const upload: Upload = {
        id,
        tenant_id,
        file_name: baseName(file_name),
        by,
        state: "running",
        bytes,
        bytes_read: 0,
        accepted: 0,
        duplicates: 0,
        rejected: 0,
        rejects: [],
        started_at: clock.now(),
      };
      const done = runUpload(upload, mapping, body, dependencies, stopping.signal).finally(() =>
        running.delete(id),
      );
      running.set(id, { upload, done });
      return { id, done };
    },

    async get(tenant_id, id) {
      const here = running.get(id);
      if (here !== undefined) return here.upload.tenant_id === tenant_id ? copyOf(here.upload) : undefined;
      const stored = await store.upload(tenant_id, id);
      // Saved as running and not run here: the server went down in its middle.
      return stored?.state === "running" ? { ...stored, state: "interrupted", error: INTERRUPTED } : stored;
    },

    async stop() {
      stopping.abort();
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

const INTERRUPTED =
  "The upload was interrupted. Upload the file again: what is stored already is not added twice.";

async function runUpload(
  upload: Upload,
  mapping: CsvMapping | undefined,
  body: AsyncIterable<Uint8Array>,
  dependencies: UploadDependencies,
  signal: AbortSignal,
): Promise<Upload> {
  const { log, store, clock, metrics } = dependencies;
  let saved = clock.now();
  const counted = (async function* () {
    for await (const chunk of body) {
      upload.bytes_read += chunk.byteLength;
      yield chunk;
    }
  })();
  const reject = (row: BadRow) => {
    upload.rejected += 1;
    metrics.increment("foresight_ingest_rejected_total");
    if (upload.rejects.length < KEPT_REJECTS)
      upload.rejects.push({ line: row.line, reason: row.reason, text: row.text.slice(0, KEPT_TEXT) });
  };
  const append = async (batch: RowBatch) => {
    for (const row of batch.rejected) reject(row);
    if (batch.rows.length === 0) return;
    const readings = batch.rows.map((row) => row.reading);
    const result = await appendPatiently(
      () => log.append(upload.tenant_id, readings, { idempotency_key: batch.key }),
      dependencies.pause ?? pause,
      signal,
    );
    if (result.duplicate) upload.duplicates += readings.length;
    else upload.accepted += readings.length;
    metrics.increment(
      result.duplicate ? "foresight_ingest_duplicate_total" : "foresight_ingest_accepted_total",
      {},
      readings.length,
    );
    if (clock.now() - saved >= SAVE_EVERY_MS) {
      saved = clock.now();
      await store.putUpload(copyOf(upload));
    }
  };

  try {
    await store.putUpload(copyOf(upload));
    const batcher = createRowBatcher(READINGS_A_BATCH);
    const rows = readCsv(counted, {
      clock,
      bounds: dependencies.bounds ?? DEFAULT_TIMESTAMP_BOUNDS,
      signal,
      mapping,
      // The same lines under another mapping are other readings.
      onHeader: (_, text) =>
        batcher.header(mapping === undefined ? text : `${text}\n${JSON.stringify(mapping)}`),
    });
    for await (const some of rows) for (const batch of batcher.push(some)) await append(batch);
    for (const batch of batcher.end()) await append(batch);
    upload.state = "done";
    // A form is longer than the file in it.
    upload.bytes = upload.bytes_read;
  } catch (error) {
    upload.state = signal.aborted || isBroken(error) ? "interrupted" : "failed";
    upload.error = upload.state === "interrupted" ? INTERRUPTED : sentenceOf(error);
  }
  upload.finished_at = clock.now();
  // The outcome is also the answer to the request: a store that fails now must not hide it.
  await store.putUpload(copyOf(upload)).catch(() => {
    upload.error ??= "The upload is done, but its record could not be saved.";
  });
  return copyOf(upload);
}

/** The sender went away in mid-body (Node's and undici's names for it). */
function isBroken(error: unknown): boolean {
  const { code, name } = error as { code?: string; name?: string };
  return (
    name === "AbortError" ||
    ["ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE", "UND_ERR_SOCKET", "ABORT_ERR"].includes(code ?? "")
  );
}

function sentenceOf(error: unknown): string {
  if (isForesightError(error)) return error.message;
  return "The upload failed by an error of the server; the server's log says more.";
}

/** `../x/y.csv` → `y.csv`: a name is shown, never used as a path. */
function baseName(file_name: string): string {
  return file_name.split(/[\\/]/).at(-1)!.slice(0, 255) || "upload.csv";
}

function copyOf(upload: Upload): Upload {
  return { ...upload, rejects: [...upload.rejects] };
}

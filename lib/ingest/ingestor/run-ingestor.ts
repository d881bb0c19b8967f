import { createHash } from "node:crypto";
import { isForesightError } from "../../domain/errors.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Clock } from "../../ports/system.ts";
import { readCsv } from "../csv/csv-readings.ts";
import { createRowBatcher, type GoodRow, type RowBatch } from "../csv/row-batcher.ts";
import { fileBytes } from "../file-bytes.ts";
import type { Pause } from "../patience.ts";
import type { IngestClient, SentBatch } from "./ingest-client.ts";
import { createPacer, windowCut } from "./pacer.ts";
import { type FileIdentity, identify, type Progress, writeProgress } from "./progress-file.ts";
import type { Reject, RejectsFile } from "./rejects-file.ts";
import { expandStamps, type Stamps, stampRows } from "./stamper.ts";

export interface IngestorOptions {
  file: string;
  /** Absent: as fast as it is accepted. */
  realtime?: { speed: number; max_gap_ms: number };
  /** Stamp each reading with the moment it is sent. */
  now: boolean;
  batch_rows: number;
  /** Go on after this. */
  resume?: Progress;
}

export interface IngestorCounts {
  /** Rows read of the file, good and bad. */
  rows: number;
  accepted: number;
  duplicates: number;
  rejected: number;
  /** Every row up to here is done with. */
  line: number;
  bytes_read: number;
  bytes: number;
  /** Real time: how late the last batch was; otherwise its round trip, ms. */
  lag_ms: number;
}

export interface IngestorDependencies {
  client: IngestClient;
  rejects: RejectsFile | undefined;
  clock: Clock;
  pause: Pause;
  signal: AbortSignal;
  onCounts(counts: IngestorCounts): void;
  onNotice(sentence: string): void;
}

const SAVE_EVERY_MS = 250;
/** Stamps may run this far ahead of the clock before sending waits for it. */
const STAMP_AHEAD_MS = 500;
/** A step back in time of the file larger than this is worth a word in real time. */
const BACKWARDS_MS = 60_000;

/**
 * Streams a CSV file to a server in constant memory: one batch in flight while the next is read. Where it stops,
 * by whatever cause, the progress file beside it says what is acknowledged, so a run with `resume` loses and
 * doubles nothing. Counts are kept in `counts`, which is also what is returned.
 * @throws what reading, sending and the signal throw
 */
export async function runIngestor(
  options: IngestorOptions,
  dependencies: IngestorDependencies,
): Promise<IngestorCounts> {
  const { clock, pause, signal, client, onCounts } = dependencies;
  const { realtime, resume } = options;
  const file = await identify(options.file);
  const counts: IngestorCounts = {
    rows: 0,
    accepted: 0,
    duplicates: 0,
    rejected: 0,
    line: resume?.line ?? 0,
    bytes_read: 0,
    bytes: file.size,
    lag_ms: 0,
  };
  const progress = createProgressKeeper(options, file, counts, dependencies);
  const pacer = realtime && createPacer(realtime);
  let newest: EpochMs | undefined;
  let warned = false;

  const transmit = async (batch: RowBatch) => {
    counts.rows += batch.rows.length + batch.rejected.length;
    const rejects: Reject[] = batch.rejected.map(({ line, reason, text }) => ({ line, reason, text }));
    if (batch.rows.length > 0) {
      const times = batch.rows.map((row) => row.reading.timestamp);
      const latest = times.reduce((a, b) => Math.max(a, b));
      if (pacer && newest !== undefined && newest - Math.min(...times) > BACKWARDS_MS && !warned) {
        warned = true;
        dependencies.onNotice(
          "The file is not in order of time: readings earlier than those before them are sent at once.",
        );
      }
      newest = Math.max(latest, newest ?? latest);
      const wait = pacer?.wait(latest, clock.now()) ?? 0;
      if (wait > 0) await pause(wait, signal);
      const stamps = await progress.beforeSending(batch, times);
      const began = clock.now();
      const sent = await sendWhole(client, batch.rows, stamps, batch.key);
      counts.lag_ms = pacer ? Math.max(0, -wait) : clock.now() - began;
      // Sent more than once, a duplicate is our own earlier sending whose answer was lost.
      const own = sent.attempts > 1;
      counts.accepted += sent.accepted + (own ? sent.duplicates : 0);
      counts.duplicates += own ? 0 : sent.duplicates;
      rejects.push(...rejectsOf(sent, batch));
      counts.rejected += sent.rejected;
    }
    counts.rejected += batch.rejected.length;
    await dependencies.rejects?.add(rejects.sort((a, b) => a.line - b.line));
    counts.line = batch.last_line;
    await progress.afterAnswer(false);
    onCounts({ ...counts });
  };

  const batches = readBatches(options, counts, dependencies);
  try {
    let next = batches.next();
    for (;;) {
      const { value: batch, done } = await next;
      if (done) break;
      // Read ahead while this one is under way; its failure is met when its turn comes.
      next = batches.next();
      next.catch(() => undefined);
      await transmit(batch);
    }
    await progress.afterAnswer(true);
  } catch (error) {
    await progress.save();
    throw error;
  } finally {
    await batches.return(undefined).catch(() => undefined);
  }
  return counts;
}

async function* readBatches(
  options: IngestorOptions,
  counts: IngestorCounts,
  { clock, signal, onNotice }: IngestorDependencies,
): AsyncGenerator<RowBatch> {
  const { realtime, resume } = options;
  const pending = resume?.pending;
  const cut = realtime && windowCut(realtime.speed);
  let header = "";
  const counted = (async function* () {
    for await (const chunk of fileBytes(options.file)) {
      counts.bytes_read += chunk.byteLength;
      yield chunk;
    }
  })();
  const fresh = () => {
    const batcher = createRowBatcher(options.batch_rows, cut && ((row) => cut(row.reading.timestamp)));
    batcher.header(header);
    return batcher;
  };
  // What was sent and not answered goes out once more as it was, whatever the options are now.
  let again = pending && createRowBatcher(Number.POSITIVE_INFINITY);
  let batcher = fresh();
  const rows = readCsv(counted, {
    clock,
    signal,
    after_line: resume?.line ?? 0,
    onHeader({ ignored }, text) {
      header = text;
      again?.header(text);
      batcher = fresh();
      if (ignored.length > 0) onNotice(`Columns read over: ${ignored.join(", ")}.`);
    },
  });
  for await (let some of rows) {
    if (again !== undefined) {
      const beyond = some.findIndex((row) => row.line > pending!.last_line);
      again.push(beyond === -1 ? some : some.slice(0, beyond));
      if (beyond === -1) continue;
      yield* again.end();
      again = undefined;
      some = some.slice(beyond);
    }
    yield* batcher.push(some);
  }
  if (again !== undefined) yield* again.end();
  yield* batcher.end();
}

function createProgressKeeper(
  options: IngestorOptions,
  file: FileIdentity,
  counts: IngestorCounts,
  { clock, pause, signal, onNotice }: IngestorDependencies,
) {
  let last_stamp = options.resume?.last_stamp;
  let pending = options.resume?.pending;
  let saved = Number.NEGATIVE_INFINITY;
  let unwritable = false;
  let done = false;

  const save = async () => {
    if (unwritable) return;
    saved = clock.now();
    try {
      await writeProgress(options.file, {
        version: 1,
        file,
        line: counts.line,
        done,
        ...(last_stamp !== undefined && { last_stamp }),
        ...(pending !== undefined && { pending }),
      });
    } catch (error) {
      unwritable = true;
      onNotice(
        `Progress cannot be kept beside the file (${(error as Error).message}); --resume will not work.`,
      );
    }
  };
  return {
    save,
    /** `--now`: settles the batch's stamps and writes them down before anything can arrive. */
    async beforeSending(batch: RowBatch, times: EpochMs[]): Promise<Stamps | undefined> {
      if (!options.now) return undefined;
      if (pending !== undefined && pending.last_line === batch.last_line) return pending.stamps as Stamps;
      const stamps = stampRows(times, clock.now(), last_stamp, options.realtime?.speed);
      last_stamp = { time: times.at(-1)!, stamp: stamps.at(-1)![0] };
      const ahead = last_stamp.stamp - clock.now();
      if (ahead > STAMP_AHEAD_MS) await pause(ahead, signal);
      pending = { last_line: batch.last_line, stamps };
      await save();
      return stamps;
    },
    async afterAnswer(finished: boolean): Promise<void> {
      pending = undefined;
      done = finished;
      if (finished || clock.now() - saved >= SAVE_EVERY_MS) await save();
    },
  };
}

/** Sends rows in as many parts as the server's bounds ask for. Lines of the answer count within `rows`. */
async function sendWhole(
  client: IngestClient,
  rows: GoodRow[],
  stamps: Stamps | undefined,
  key: string,
): Promise<SentBatch> {
  const each = stamps && expandStamps(stamps, rows.length);
  const part = async (from: number, to: number, partKey: string): Promise<SentBatch> => {
    const body = rows
      .slice(from, to)
      .map(({ reading }, at) =>
        JSON.stringify(each === undefined ? reading : { ...reading, timestamp: each[from + at] }),
      )
      .join("\n");
    try {
      return await client.send(body, to - from, partKey);
    } catch (error) {
      if (!(isForesightError(error) && error.code === "too_large") || to - from < 2) throw error;
      const middle = from + Math.ceil((to - from) / 2);
      const first = await part(from, middle, `${partKey}.0`);
      const second = await part(middle, to, `${partKey}.1`);
      const shift = middle - from;
      return {
        accepted: first.accepted + second.accepted,
        duplicates: first.duplicates + second.duplicates,
        rejected: first.rejected + second.rejected,
        errors: [
          ...first.errors,
          ...second.errors.map(({ line, reason }) => ({ line: line + shift, reason })),
        ],
        attempts: Math.max(first.attempts, second.attempts),
      };
    }
  };
  const whole =
    stamps === undefined
      ? key
      : `now-${createHash("sha256")
          .update(`${key}${JSON.stringify(stamps)}`)
          .digest("base64url")}`;
  return part(0, rows.length, whole);
}

function rejectsOf(sent: SentBatch, batch: RowBatch): Reject[] {
  const named = sent.errors.flatMap(({ line, reason }) => {
    const row = batch.rows[line - 1];
    return row === undefined ? [] : [{ line: row.line, reason, text: row.text }];
  });
  const unnamed = sent.rejected - named.length;
  if (unnamed > 0)
    named.push({
      line: batch.last_line,
      reason: `${unnamed} further rows of lines ${batch.first_line} to ${batch.last_line} were rejected; the server names the first 100 of a batch`,
      text: "",
    });
  return named;
}

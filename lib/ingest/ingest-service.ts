import { ForesightError } from "../domain/errors.ts";
import { DEFAULT_TIMESTAMP_BOUNDS, type TimestampBounds } from "../domain/time.ts";
import type { EventLog } from "../ports/event-log.ts";
import type { Clock, Metrics } from "../ports/system.ts";
import { encodeCursor } from "../protocol/cursor.ts";
import { type IngestError, type ParsedBatch, parseJsonArray, parseNdjson } from "./parse-batch.ts";
import { readBody } from "./read-body.ts";
import { createReadingValidator } from "./validate-reading.ts";

/** What `POST /api/ingest` answers once the accepted readings are durable. */
export interface IngestAnswer {
  accepted: number;
  /** Readings of a batch whose idempotency key was known: they are in the log already. */
  duplicates: number;
  rejected: number;
  /** The first 100. */
  errors: IngestError[];
  cursor: string;
}

export interface IngestService {
  /**
   * Parses, validates and appends one batch.
   * @throws ForesightError `invalid_request` (not JSON at all, no reading good, nested too deep), `too_large`,
   *   `unavailable`/`rate_limited` with `retry_after_s`, `storage_full`
   */
  ingest(
    tenant_id: string,
    body: AsyncIterable<Uint8Array>,
    format: "json" | "ndjson",
    options?: { idempotency_key?: string },
  ): Promise<IngestAnswer>;
}

export interface IngestLimits {
  /** Largest body, bytes. */
  max_bytes: number;
  /** Most readings in one body. */
  max_lines: number;
  /** Bytes of all bodies that are being read or wait for the disk; past it new ones get `unavailable`. */
  max_pending_bytes: number;
  /** So many rejected lines are named in an answer. */
  max_errors: number;
}

export const DEFAULT_INGEST_LIMITS: IngestLimits = {
  max_bytes: 8 * 1024 * 1024,
  max_lines: 50_000,
  max_pending_bytes: 64 * 1024 * 1024,
  max_errors: 100,
};

/** Printable ASCII, as an HTTP header carries it. */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

export interface IngestDependencies {
  log: Pick<EventLog, "append">;
  clock: Clock;
  metrics: Metrics;
  bounds?: TimestampBounds;
  limits?: Partial<IngestLimits>;
}

/** The one way in over HTTP: parse, validate, one durable append, answer. */
export function createIngestService(dependencies: IngestDependencies): IngestService {
  const { log, clock, metrics } = dependencies;
  const limits = { ...DEFAULT_INGEST_LIMITS, ...dependencies.limits };
  const validate = createReadingValidator(dependencies.bounds ?? DEFAULT_TIMESTAMP_BOUNDS);
  let pending = 0;

  return {
    async ingest(tenant_id, body, format, options = {}): Promise<IngestAnswer> {
      const { idempotency_key } = options;
      if (idempotency_key !== undefined && !IDEMPOTENCY_KEY.test(idempotency_key))
        throw new ForesightError(
          "invalid_request",
          "Idempotency-Key must be 1 to 200 printable ASCII characters without blanks.",
        );
      if (pending >= limits.max_pending_bytes)
        throw new ForesightError("unavailable", "The server is busy taking readings in; try again.", {
          retry_after_s: 1,
        });
      let held = 0;
      try {
        const bytes = await readBody(body, limits.max_bytes, (size) => {
          held += size;
          pending += size;
        });
        const parse = format === "json" ? parseJsonArray : parseNdjson;
        const batch = await parse(bytes, validate, clock.now(), limits);
        metrics.increment("foresight_ingest_rejected_total", {}, batch.rejected);
        if (batch.readings.length === 0) throw nothingGood(batch);
        const appended = await log.append(
          tenant_id,
          batch.readings,
          idempotency_key === undefined ? {} : { idempotency_key },
        );
        const accepted = appended.duplicate ? 0 : batch.readings.length;
        const duplicates = appended.duplicate ? appended.accepted : 0;
        metrics.increment("foresight_ingest_accepted_total", {}, accepted);
        metrics.increment("foresight_ingest_duplicate_total", {}, duplicates);
        return {
          accepted,
          duplicates,
          rejected: batch.rejected,
          errors: batch.errors,
          cursor: encodeCursor(appended.position),
        };
      } finally {
        pending -= held;
      }
    },
  };
}

function nothingGood(batch: ParsedBatch): ForesightError {
  const first = batch.errors[0];
  if (first === undefined) return new ForesightError("invalid_request", "The body holds no reading.");
  return new ForesightError(
    "invalid_request",
    `None of the ${batch.rejected} readings can be accepted; line ${first.line}: ${first.reason}.`,
    { errors: batch.errors.map(({ line, reason }) => ({ path: `line ${line}`, message: reason })) },
  );
}

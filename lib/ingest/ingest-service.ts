/** One refused line or element of a batch; `line` counts from 1. */
export interface IngestError {
  line: number;
  reason: string;
}

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

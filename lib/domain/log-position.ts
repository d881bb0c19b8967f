/**
 * Where a reader of the event log stands: for each partition the offset of the next record to read. `log_id` is
 * new with each data directory or topic; a position of another log means nothing here.
 */
export interface LogPosition {
  log_id: string;
  next: Record<number, number>;
}

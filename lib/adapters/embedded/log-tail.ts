import type { LogBatch } from "../../ports/event-log.ts";
import { cutBatch, type ReadResult } from "./log-decode.ts";
import { positionAt } from "./log-position.ts";

type Batch = LogBatch<"sensor_readings">;

/** Readings kept in memory for readers that are caught up, or nearly so. */
const CAPACITY = 65_536;

/** The newest part of the log, as it was appended: whoever follows it reads here and not from the disk. */
export class LogTail {
  private batches: Batch[] = [];
  private first: number;

  constructor(
    readonly log_id: string,
    public head: number,
    private readonly capacity = CAPACITY,
  ) {
    this.first = head;
  }

  /** Adds what has just become durable; it follows what is there. */
  push(batch: Batch): void {
    this.batches.push(batch);
    this.head = batch.first_offset + batch.values.length;
    while (this.batches.length > 1 && this.head - this.batches[1]!.first_offset >= this.capacity) {
      this.batches.shift();
      this.first = this.batches[0]!.first_offset;
    }
  }

  /** @returns at most `max_values` records from an offset on, `undefined` where they are not in memory */
  read(offset: number, max_values: number): ReadResult<"sensor_readings"> | undefined {
    if (offset < this.first || offset > this.head) return undefined;
    const to = Math.min(offset + max_values, this.head);
    const batches: Batch[] = [];
    for (let i = this.indexOf(offset); i < this.batches.length; i++) {
      const whole = this.batches[i]!;
      if (whole.first_offset >= to) break;
      const batch = cutBatch(whole, offset, to);
      if (batch !== undefined) batches.push(batch);
    }
    return { batches, position: positionAt(this.log_id, to) };
  }

  /** Index of the last batch that begins at or before an offset. */
  private indexOf(offset: number): number {
    let low = 0;
    let high = this.batches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.batches[middle]!.first_offset <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

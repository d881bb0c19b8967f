import { type EpochMs, formatTimestamp } from "../domain/time.ts";

/** `formatTimestamp` that remembers the last second, because readings of one tick lie close together. */
export class TimestampWriter {
  private second = Number.NaN;
  private head = "";
  private last = Number.NaN;
  private text = "";

  write(at: EpochMs): string {
    if (at === this.last) return this.text;
    const second = Math.floor(at / 1_000);
    if (second !== this.second) {
      const text = formatTimestamp(second * 1_000);
      this.head = text.slice(0, -4);
      this.second = second;
    }
    const ms = at - second * 1_000;
    this.text = `${this.head}${ms < 10 ? "00" : ms < 100 ? "0" : ""}${ms}Z`;
    this.last = at;
    return this.text;
  }
}

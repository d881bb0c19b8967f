import type { EpochMs } from "../domain/time.ts";

/** A token bucket: `per_minute` at once, and as many again within a minute. */
export class MessageBudget {
  private tokens: number;
  private filled_at: EpochMs | undefined;
  private told_at: EpochMs | undefined;

  constructor(private readonly per_minute: number) {
    this.tokens = per_minute;
  }

  take(now: EpochMs): boolean {
    const passed = Math.max(0, now - (this.filled_at ?? now));
    this.tokens = Math.min(this.per_minute, this.tokens + (passed * this.per_minute) / 60_000);
    this.filled_at = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }

  /** Whether the client is to be told now: once a second, so that the answers are no flood either. */
  tellsNow(now: EpochMs): boolean {
    if (this.told_at !== undefined && Math.abs(now - this.told_at) < 1_000) return false;
    this.told_at = now;
    return true;
  }
}

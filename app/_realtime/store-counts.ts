import type { EpochMs } from "../../lib/domain/time.ts";
import type { AlertMessage } from "../../lib/protocol/messages.ts";
import { StreamStatistics } from "./statistics.ts";
import type { Counters } from "./store-keys.ts";

/** What the stream brought since the store was made, and how fast. */
export class StoreCounts {
  private readonly statistics = new StreamStatistics();
  private readonly counts = {
    readings: 0,
    duplicates: 0,
    alerts: 0,
    critical_alerts: 0,
    health: 0,
    conflated: 0,
  };
  private last_reading_at: EpochMs | null = null;
  private last_alert_at: EpochMs | null = null;

  /**
   * @param received_at when the log took each reading, by the server's clock
   * @param offset_ms the server's clock minus this one's, where it is known: without it there is no latency
   */
  readings(now: EpochMs, received_at: readonly EpochMs[], offset_ms: number | undefined): void {
    for (const received of received_at)
      this.statistics.add(now, offset_ms === undefined ? undefined : Math.max(0, now - offset_ms - received));
    this.counts.readings += received_at.length;
    this.last_reading_at = now;
  }

  alert(now: EpochMs, { type, data }: AlertMessage): void {
    if (type !== "alert_triggered") return;
    this.counts.alerts++;
    this.last_alert_at = now;
    if (data.severity === "critical") this.counts.critical_alerts++;
  }

  add(what: "duplicates" | "health" | "conflated", count: number): void {
    this.counts[what] += count;
  }

  counters(now: EpochMs, bytes: number): Counters {
    return {
      ...this.counts,
      bytes,
      rate: this.statistics.rate(now),
      ...this.statistics.latency(now),
      last_reading_at: this.last_reading_at,
      last_alert_at: this.last_alert_at,
      history: this.statistics.history(now),
    };
  }
}

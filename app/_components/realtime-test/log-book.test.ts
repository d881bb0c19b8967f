import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClientEvent, ConnectionState } from "../../_realtime/index.ts";
import { LogBook } from "./log-book.ts";

const readings = (...values: number[]): ClientEvent => ({
  type: "readings",
  tenant_id: "demo",
  readings: values.map((value) => ({
    asset_id: "PUMP-001",
    sensor_id: `PUMP-001-S${value}`,
    sensor_type: "temperature",
    value,
    unit: "celsius",
    quality: "good" as const,
    timestamp: 0,
  })),
  received_at: values.map(() => 900),
});
const connection = (state: ConnectionState, attempt = 1): ClientEvent =>
  ({ type: "connection", connection: { state, attempt, reason: "It broke" } }) as ClientEvent;

describe("the log of the test page", () => {
  let now = 1_000;
  let book: LogBook;
  beforeEach(() => {
    vi.useFakeTimers();
    now = 1_000;
    book = new LogBook(
      () => now,
      () => 0,
    );
  });
  afterEach(() => {
    book.stop();
    vi.useRealTimers();
  });
  const texts = () => book.view().entries.map(({ text }) => text);

  it("writes a few of many readings down, newest first, and says how many there were", () => {
    book.event(readings(...Array.from({ length: 100 }, (_, i) => i)));
    vi.advanceTimersByTime(200);
    expect(book.view()).toMatchObject({ readings: 100, shown: 6 });
    expect(texts()[0]).toContain("PUMP-001-S5");
    expect(book.view().entries[0]!.latency_ms).toBe(100);
  });

  it("writes every reading down that the filter asks for", () => {
    book.setFilter("s7");
    book.event(readings(...Array.from({ length: 100 }, (_, i) => i)));
    vi.advanceTimersByTime(200);
    expect(texts()).toHaveLength(11);
  });

  it("shows the same while paused, and all that came meanwhile after it", () => {
    book.setPaused(true);
    book.event(readings(1));
    vi.advanceTimersByTime(200);
    expect(texts()).toEqual([]);
    book.setPaused(false);
    expect(texts()).toHaveLength(1);
  });

  it("is empty after it was cleared, even while paused", () => {
    book.event(readings(1));
    vi.advanceTimersByTime(200);
    book.setPaused(true);
    book.clear();
    expect(book.view()).toEqual({ entries: [], readings: 0, shown: 0 });
  });

  it("tells how the connection fared", () => {
    for (const [at, state] of [
      [1_000, "connecting"],
      [1_100, "live"],
      [5_000, "backing_off"],
      [6_000, "recovering"],
      [7_500, "live"],
    ] as const) {
      now = at;
      book.event(connection(state));
    }
    expect(book.journey()).toMatchObject({
      states: ["connecting", "live", "backing_off", "recovering", "live"],
      reconnects: 1,
      longest_ms: 2_500,
      away: [{ from: 5_000, to: 7_500 }],
    });
    vi.advanceTimersByTime(200);
    expect(texts()[0]).toBe("Live at attempt 1, 2.5 s away");
  });
});

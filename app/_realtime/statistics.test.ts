import { describe, expect, it } from "vitest";
import { StreamStatistics } from "./statistics.ts";

describe("statistics of the stream", () => {
  it("give the rate over ten seconds, and over less at the beginning", () => {
    const statistics = new StreamStatistics();
    expect(statistics.rate(0)).toBe(0);
    for (let now = 100_000; now < 102_000; now += 10) statistics.add(now, undefined);
    expect(statistics.rate(102_000)).toBe(100);
    for (let now = 102_000; now < 130_000; now += 10) statistics.add(now, undefined);
    expect(statistics.rate(130_000)).toBeCloseTo(100, 0);
    expect(statistics.rate(145_000)).toBe(0);
  });

  it("give latencies within 4 %", () => {
    const statistics = new StreamStatistics();
    for (let i = 1; i <= 1_000; i++) statistics.add(50_000, i);
    const { p50_ms, p99_ms } = statistics.latency(50_500);
    expect(p50_ms! / 500).toBeGreaterThanOrEqual(1);
    expect(p50_ms! / 500).toBeLessThan(1.04);
    expect(p99_ms! / 990).toBeGreaterThanOrEqual(1);
    expect(p99_ms! / 990).toBeLessThan(1.04);
    expect(statistics.latency(80_000)).toEqual({ p50_ms: null, p99_ms: null });
  });

  it("keep a history by the second in which silence is seen, two minutes long", () => {
    const statistics = new StreamStatistics();
    statistics.add(10_000, 5);
    statistics.add(13_000, undefined);
    const history = statistics.history(14_000);
    expect(history.map(({ readings }) => readings)).toEqual([1, 0, 0, 1]);
    expect(history[0]!.p50_ms).toBeGreaterThanOrEqual(5);
    expect(history[3]!.p50_ms).toBeNull();
    for (let now = 20_000; now < 2_000_000; now += 1_000) statistics.add(now, 1);
    expect(statistics.history(2_000_000)).toHaveLength(120);
  });
});

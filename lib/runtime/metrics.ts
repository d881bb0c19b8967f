import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Metrics } from "../ports/system.ts";

/** Latencies of a live system in seconds: 1 ms to 10 s. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** `Metrics` over prom-client; a name is registered with the label names it is first used with. */
export function createMetrics(): Metrics & { exposition(): Promise<string> } {
  const registry = new Registry();
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  const once = <T>(map: Map<string, T>, name: string, make: () => T): T => {
    let metric = map.get(name);
    if (metric === undefined) {
      metric = make();
      map.set(name, metric);
    }
    return metric;
  };
  const options = (name: string, labels: Record<string, string>) => ({
    name,
    help: name.replace(/^foresight_/, "").replaceAll("_", " "),
    labelNames: Object.keys(labels),
    registers: [registry],
  });
  return {
    increment(name, labels = {}, by = 1) {
      once(counters, name, () => new Counter(options(name, labels))).inc(labels, by);
    },
    gauge(name, value, labels = {}) {
      once(gauges, name, () => new Gauge(options(name, labels))).set(labels, value);
    },
    observe(name, value, labels = {}) {
      once(histograms, name, () => new Histogram({ ...options(name, labels), buckets: BUCKETS })).observe(
        labels,
        value,
      );
    },
    exposition: () => registry.metrics(),
  };
}

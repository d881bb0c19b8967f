import type { Metrics } from "../ports/system.ts";

/** What a worker thread counted since it last told, in the order it happened. */
export type MetricsReport = ["increment" | "gauge" | "observe", string, Record<string, string>, number][];

/**
 * Metrics of a worker thread: increments are summed and sent once a second, so that a hot path never posts a
 * message a reading.
 */
export function createForwardingMetrics(send: (report: MetricsReport) => void): Metrics & { flush(): void } {
  const sums = new Map<
    string,
    { kind: "increment" | "gauge"; name: string; labels: Record<string, string>; value: number }
  >();
  let observed: MetricsReport = [];
  const entry = (kind: "increment" | "gauge", name: string, labels: Record<string, string>) => {
    const key = `${name}${JSON.stringify(labels)}`;
    let sum = sums.get(key);
    if (sum === undefined) {
      sum = { kind, name, labels, value: 0 };
      sums.set(key, sum);
    }
    return sum;
  };
  return {
    increment(name, labels = {}, by = 1) {
      entry("increment", name, labels).value += by;
    },
    gauge(name, value, labels = {}) {
      entry("gauge", name, labels).value = value;
    },
    observe(name, value, labels = {}) {
      if (observed.length < 10_000) observed.push(["observe", name, labels, value]);
    },
    flush() {
      const report: MetricsReport = [...sums.values()].map(({ kind, name, labels, value }) => [
        kind,
        name,
        labels,
        value,
      ]);
      report.push(...observed);
      sums.clear();
      observed = [];
      if (report.length > 0) send(report);
    },
  };
}

export function applyMetricsReport(metrics: Metrics, report: MetricsReport): void {
  for (const [kind, name, labels, value] of report) {
    if (kind === "increment") metrics.increment(name, labels, value);
    else if (kind === "gauge") metrics.gauge(name, value, labels);
    else metrics.observe(name, value, labels);
  }
}

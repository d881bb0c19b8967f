import { SequenceChecker, type SequenceReport } from "../../../lib/testing/sequence-checker.ts";
import { Load } from "./load.ts";
import { StreamReader } from "./reader.ts";
import { Series } from "./series.ts";
import { readStored } from "./stored.ts";
import { until } from "./wait.ts";
import type { World } from "./world.ts";

/** One thing that had to be seen. */
export interface Finding {
  what: string;
  found: string;
  ok: boolean;
}

export interface Findings {
  findings: Finding[];
  report: SequenceReport;
}

export interface Stage {
  world: World;
  load: Load;
  readers: StreamReader[];
  checker: SequenceChecker;
  series: Series;
  admin: string;
  /** Records what was seen, in words, and whether that was right. */
  see(what: string, found: string | number, ok: boolean): void;
  /** Waits until so many more readings are acknowledged. */
  more(readings: number): Promise<void>;
  /** Raises an alert as a person's program does; it has to arrive at every reader like any other. */
  alert(title: string): Promise<boolean>;
}

export interface TrialOptions {
  /** Readings a second. */
  rate?: number;
  assets?: number;
  readers?: number;
  /** How long what was acknowledged may take to arrive everywhere once the fault is over, ms. */
  settle_ms?: number;
}

/**
 * Runs a load through a world with clients on it while `fault` happens, then waits until everything acknowledged has
 * arrived and is stored, and reports what was lost, doubled or reordered.
 */
export async function trial(
  world: World,
  options: TrialOptions,
  fault: (stage: Stage) => Promise<void>,
): Promise<Findings> {
  const { rate = 500, assets = 10, settle_ms = 60_000 } = options;
  const checker = new SequenceChecker();
  const series = new Series(assets);
  const findings: Finding[] = [];
  const [ingest, viewer, admin] = await Promise.all([
    world.token("ingest"),
    world.token("viewer"),
    world.token("admin"),
  ]);
  const load = new Load({ checker, series, urls: world.urls, token: ingest, rate });
  const readers = Array.from(
    { length: options.readers ?? 3 },
    (_, i) =>
      new StreamReader({
        name: `client ${i + 1}`,
        tenant: "demo",
        token: viewer,
        urls: world.urls,
        checker,
        series,
        first: i,
      }),
  );
  let alerts = 0;
  const stage: Stage = {
    world,
    load,
    readers,
    checker,
    series,
    admin,
    see: (what, found, ok) => void findings.push({ what, found: String(found), ok }),
    async more(readings) {
      const wanted = checker.acknowledgedReadings + readings;
      await until(
        `${readings} further readings acknowledged`,
        () => checker.acknowledgedReadings >= wanted,
        120_000,
      ).catch((error: Error) => {
        throw new Error(`${error.message} Answers: ${JSON.stringify(load.refusals)}`);
      });
    },
    async alert(title) {
      const [url] = world.urls();
      const response = await fetch(`${url}/api/alerts`, {
        method: "POST",
        headers: { authorization: `Bearer ${admin}`, "content-type": "application/json" },
        body: JSON.stringify({ asset_id: series.assets[0], title, severity: "warning", metric_value: 1 }),
        signal: AbortSignal.timeout(10_000),
      }).catch(() => undefined);
      if (response?.status !== 201) return false;
      alerts++;
      return true;
    },
  };
  try {
    await until("every client is connected", () => readers.every(({ live }) => live), 30_000);
    load.start();
    await stage.more(rate * 2);
    await fault(stage);
    await stage.more(rate);
    await load.stop();
    const arrived = () => readers.every(({ name }) => checker.missing(name) === 0);
    const waited = await until("everything acknowledged has arrived", arrived, settle_ms).catch(
      () => undefined,
    );
    stage.see(
      "everything acknowledged arrives",
      waited === undefined ? "no" : `after ${seconds(waited)}`,
      waited !== undefined,
    );
    const [url] = world.urls();
    if (url === undefined) throw new Error("No instance is left to read from.");
    await until(
      "everything acknowledged is stored",
      async () => {
        await readStored(url, viewer, series, checker);
        return checker.report().stored.lost === 0;
      },
      settle_ms,
    ).catch(() => undefined);
    if (alerts > 0) seeAlerts(stage, alerts);
    return { findings, report: checker.report() };
  } finally {
    load.abandon();
    for (const reader of readers) reader.close();
  }
}

/** Alert events are dense by their number: none may be missing or come twice at any client. */
function seeAlerts(stage: Stage, raised: number): void {
  for (const { name, alert_seqs } of stage.readers) {
    const distinct = new Set(alert_seqs);
    const first = Math.min(...alert_seqs);
    const missing = Math.max(...alert_seqs) - first + 1 - distinct.size;
    const doubled = alert_seqs.length - distinct.size;
    stage.see(
      `alerts at ${name}`,
      `${distinct.size} of ${raised}, ${missing} missing, ${doubled} twice`,
      missing === 0 && doubled === 0 && distinct.size >= raised,
    );
  }
}

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

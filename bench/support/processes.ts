import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { WebSocket } from "ws";
import { foresight } from "../../e2e/support/cli.ts";
import { type RunningServer, removeData, startServer } from "../../e2e/support/server.ts";
import type { ReceiverPlan, ReceiverReport } from "./receivers.ts";

const TYPESCRIPT = { execArgv: ["--import", "tsx"] };

/** A server to measure: ours or the naive one. */
export interface Target {
  name: string;
  url: string;
  pid: number;
  ingest_path: string;
  headers: Record<string, string>;
  /** A token for each of n clients; our server allows 20 sockets a user, so each 20th client is another one. */
  tokens(n: number): Promise<string[]>;
  /** Readings in the store, where the target has one. */
  stored?(): Promise<number>;
  stop(): Promise<void>;
}

export async function startProduct(
  env: Record<string, string> = {},
): Promise<Target & { server: RunningServer }> {
  const server = await startServer({ env });
  const token = async (role: string, name: string) =>
    (
      await foresight([
        "token",
        "--tenant",
        "demo",
        "--role",
        role,
        "--ttl",
        "12h",
        "--name",
        name,
        "--data-dir",
        server.data_dir,
      ])
    ).stdout.trim();
  const ingest = await token("operator", "bench");
  const administrator = { authorization: `Bearer ${await token("admin", "bench administrator")}` };
  let viewers = 0;
  const headers = { authorization: `Bearer ${ingest}`, "content-type": "application/x-ndjson" };
  return {
    server,
    name: "FORESIGHT",
    url: server.url.replace("localhost", "127.0.0.1"),
    pid: server.process.pid!,
    ingest_path: "/api/ingest",
    headers,
    async tokens(n) {
      const each: string[] = [];
      for (let i = 0; i < Math.ceil(n / 20); i++) {
        const response = await fetch(`${server.url}/api/tokens`, {
          method: "POST",
          headers: { ...administrator, "content-type": "application/json" },
          body: JSON.stringify({ name: `viewer ${++viewers}`, role: "viewer", ttl_s: 43_200 }),
        });
        each.push(((await response.json()) as { token: string }).token);
      }
      return Array.from({ length: n }, (_, i) => each[Math.floor(i / 20)]!);
    },
    async stored() {
      const response = await fetch(`${server.url}/api/stats`, { headers });
      return ((await response.json()) as { readings: number }).readings;
    },
    async stop() {
      await server.stop();
      await removeData(server);
    },
  };
}

export async function startNaive(): Promise<Target> {
  const child = fork(new URL("./naive-server.ts", import.meta.url), TYPESCRIPT);
  const port = await new Promise<number>((resolve) =>
    child.once("message", (message: { port: number }) => resolve(message.port)),
  );
  return {
    name: "naive Socket.IO",
    url: `http://127.0.0.1:${port}`,
    pid: child.pid!,
    ingest_path: "/",
    headers: { "content-type": "application/x-ndjson" },
    tokens: async (n) => new Array<string>(n).fill(""),
    async stop() {
      child.kill();
    },
  };
}

/** Receivers in a process of their own. */
export class Receivers {
  latest: ReceiverReport = { ready: 0, least: 0, total: 0, bytes: 0, faults: [], latencies: [] };
  latencies: number[] = [];
  #child: ChildProcess;
  #wake: (() => void)[] = [];

  constructor(plan: ReceiverPlan) {
    this.#child = fork(new URL("./receivers.ts", import.meta.url), TYPESCRIPT);
    this.#child.send(plan);
    this.#child.on("message", (report: ReceiverReport) => {
      this.latest = report;
      this.latencies.push(...report.latencies);
      for (const wake of this.#wake.splice(0)) wake();
    });
  }

  async until(condition: (report: ReceiverReport) => boolean, within_ms = 120_000): Promise<void> {
    const deadline = Date.now() + within_ms;
    while (!condition(this.latest)) {
      if (this.latest.faults.length > 0)
        throw new Error(`A receiver reported: ${this.latest.faults.join("; ")}`);
      if (Date.now() > deadline)
        throw new Error(`Receivers did not get there: ${JSON.stringify({ ...this.latest, latencies: [] })}`);
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
        setTimeout(resolve, 1_000);
      });
    }
  }

  stop(): void {
    this.#child.kill();
  }
}

/** @throws Error where the store does not get there within two minutes */
export async function untilStored(target: Target, readings: number): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const stored = await target.stored!();
    if (stored >= readings) return;
    if (!(Date.now() < deadline)) throw new Error(`${stored} of ${readings} readings are stored.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** CPU seconds (user and system, all threads) that a process has used. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Where a Node process that gets SIGUSR1 opens its inspector. */
const INSPECTOR = "http://127.0.0.1:9229/json/list";

/** Collects the garbage of a Node process's main thread, so that its memory is what it holds and not what it held. */
export async function collectGarbage(pid: number): Promise<void> {
  process.kill(pid, "SIGUSR1");
  let target: { webSocketDebuggerUrl: string } | undefined;
  for (let tries = 0; target === undefined && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    target = await fetch(INSPECTOR)
      .then((response) => response.json() as Promise<{ webSocketDebuggerUrl: string }[]>)
      .then(([first]) => first)
      .catch(() => undefined);
  }
  if (target === undefined) throw new Error("The inspector did not open.");
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve) => socket.once("open", resolve));
  const answered = new Promise((resolve) => socket.once("message", resolve));
  socket.send(JSON.stringify({ id: 1, method: "HeapProfiler.collectGarbage" }));
  await answered;
  socket.close();
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) * 1024;
}

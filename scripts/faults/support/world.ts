import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { foresight } from "../../../e2e/support/cli.ts";
import { type RunningServer, startServer } from "../../../e2e/support/server.ts";

export interface Instance {
  readonly name: string;
  /** Whether it takes requests of people and programs. */
  readonly serves: boolean;
  readonly url: string;
  readonly pid: number;
  readonly running: boolean;
  /** @returns its exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** On the same port and data. */
  restart(): Promise<void>;
  /** SIGSTOP and SIGCONT. */
  pause(): void;
  resume(): void;
  readyz(): Promise<Readiness | undefined>;
}

export interface Readiness {
  ready: boolean;
  parts: Record<string, { ok: boolean; detail: string }>;
}

/** The instances of one trial, over one set of servers or over the data directory of one of them. */
export class World {
  readonly instances: Instance[] = [];
  /** Made for this trial. */
  private readonly folders: string[] = [];
  private data_dir: string | undefined;

  constructor(
    /** Environment that all instances share. */
    private readonly env: Record<string, string> = {},
  ) {}

  /** Addresses of those that run and take requests. */
  urls = (): string[] =>
    this.instances.filter(({ running, serves }) => running && serves).map(({ url }) => url);

  named(name: string): Instance {
    const found = this.instances.find((instance) => instance.name === name);
    if (found === undefined) throw new Error(`There is no ${name}.`);
    return found;
  }

  async start(
    name: string,
    options: { env?: Record<string, string>; data_dir?: string; role?: "web" | "processor" } = {},
  ): Promise<Instance> {
    const env = { ...this.env, ...options.env };
    const data_dir = options.data_dir ?? (await mkdtemp(join(tmpdir(), "foresight-fault-")));
    if (options.data_dir === undefined) this.folders.push(data_dir);
    this.data_dir ??= data_dir;
    let server: RunningServer = await startServer({ data_dir, env });
    let running = true;
    const instance: Instance = {
      name,
      serves: options.role !== "processor",
      get url() {
        return server.url;
      },
      get pid() {
        return server.process.pid!;
      },
      get running() {
        return running;
      },
      async stop(signal = "SIGTERM") {
        running = false;
        server.process.kill("SIGCONT");
        return server.stop(signal);
      },
      async restart() {
        server = await startServer({ data_dir, env, port: server.port });
        running = true;
      },
      pause: () => void server.process.kill("SIGSTOP"),
      resume: () => void server.process.kill("SIGCONT"),
      async readyz() {
        try {
          const response = await fetch(`${server.url}/readyz`, { signal: AbortSignal.timeout(5_000) });
          return (await response.json()) as Readiness;
        } catch {
          return undefined;
        }
      },
    };
    this.instances.push(instance);
    return instance;
  }

  async token(role: string): Promise<string> {
    const { data_dir } = this;
    const { code, stdout, stderr } = await foresight(
      [
        "token",
        "--tenant",
        "demo",
        "--role",
        role,
        "--ttl",
        "2h",
        ...(data_dir === undefined ? [] : ["--data-dir", data_dir]),
      ],
      { env: this.env },
    );
    if (code !== 0) throw new Error(`No token: ${stderr}`);
    return stdout.trim();
  }

  async close(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.stop("SIGKILL")));
    for (const folder of this.folders) await rm(folder, { recursive: true, force: true });
  }
}

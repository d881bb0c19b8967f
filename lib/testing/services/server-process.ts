import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guard } from "./guard.ts";

/** Free ports of the loopback, all different. Another program may take one before it is used: then start again. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A folder for one server's data, removed with the process that asked for it. */
export async function serverFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `foresight-${name}-`));
  guard.folder(folder);
  return folder;
}

export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5 });

/** One run of a server's program. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #ended = false;

  constructor(
    readonly name: string,
    command: string,
    args: string[],
    readonly log_file: string,
  ) {
    const output = openSync(log_file, "a");
    this.#child = spawn(command, args, { stdio: ["ignore", output, output], detached: true });
    closeSync(output);
    const pid = this.#child.pid;
    if (pid !== undefined) guard.watch(pid);
    this.#exited = new Promise((resolve) => {
      const ended = () => {
        this.#ended = true;
        if (pid !== undefined) guard.forget(pid);
        resolve();
      };
      this.#child.once("exit", ended);
      this.#child.once("error", ended);
    });
    this.#child.unref();
  }

  get running(): boolean {
    return !this.#ended;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks until the answer is not `undefined`. @throws Error with the end of the log where the program ends or `ms` pass */
  async ready<T>(ask: () => Promise<T | undefined>, ms = 150_000): Promise<T> {
    const until = performance.now() + ms;
    for (;;) {
      const answer = await ask().catch(() => undefined);
      if (answer !== undefined) return answer;
      if (this.#ended || performance.now() > until) {
        const log = (await readFile(this.log_file, "utf8")).trimEnd().split("\n").slice(-20).join("\n");
        const how = this.#ended ? "ended" : `was not ready after ${ms / 1000} s`;
        await this.end("SIGKILL");
        throw new Error(`${this.name} ${how}:\n${log}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.#ended) this.#child.kill(signal);
  }

  /** Sends the signal and waits for the end; after 10 s by SIGKILL. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    this.signal(signal);
    if (signal === "SIGTERM") this.signal("SIGCONT");
    const timer = setTimeout(() => this.signal("SIGKILL"), 10_000);
    await this.#exited;
    clearTimeout(timer);
  }
}

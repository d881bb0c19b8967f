import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serversEnvironment } from "./servers.ts";

export const PASSWORD = "correct horse battery";

/** A real server of the built program on a data directory of its own. */
export interface RunningServer {
  url: string;
  port: number;
  data_dir: string;
  process: ChildProcess;
  /** What it printed on standard output. */
  output(): string;
  /** Ends with SIGTERM (or the given signal) and waits. @returns its exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Environment of a program under test: nothing of the caller's configuration leaks in. */
export function cleanEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG } = process.env;
  return { PATH, HOME, LANG, NODE_ENV: "production", LOG_LEVEL: "warn", DEMO_PASSWORD: PASSWORD, ...extra };
}

export async function startServer(
  options: { data_dir?: string; port?: number; args?: string[]; env?: Record<string, string> } = {},
): Promise<RunningServer> {
  const data_dir = options.data_dir ?? (await mkdtemp(join(tmpdir(), "foresight-e2e-")));
  const child = spawn(
    process.execPath,
    [
      "dist/cli.js",
      "start",
      "--port",
      String(options.port ?? 0),
      "--data-dir",
      data_dir,
      ...(options.args ?? []),
    ],
    {
      env: cleanEnvironment({ ...serversEnvironment(data_dir), ...options.env }),
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const address = /FORESIGHT is ready: (http:\S+)/.exec(output)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once("exit", (code) => reject(new Error(`The server ended with ${code}.\n${output}\n${errors}`)));
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  return {
    url,
    port: Number(new URL(url).port),
    data_dir,
    process: child,
    output: () => output,
    async stop(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return exited;
    },
  };
}

export async function removeData(server: RunningServer): Promise<void> {
  await rm(server.data_dir, { recursive: true, force: true });
}

import { type ChildProcess, spawn } from "node:child_process";
import { cleanEnvironment } from "./server.ts";
import { serversEnvironment } from "./servers.ts";

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command of the built program to its end. */
export function foresight(
  args: string[],
  options: { env?: Record<string, string>; stdin?: string } = {},
): Promise<Finished> {
  return launch(args, options).finished;
}

/** Starts a command, for tests that interrupt it or watch what it does meanwhile. */
export function launch(
  args: string[],
  options: { env?: Record<string, string>; stdin?: string } = {},
): { child: ChildProcess; finished: Promise<Finished> } {
  const at = args.indexOf("--data-dir");
  const servers = at < 0 ? {} : serversEnvironment(args[at + 1]!);
  const child = spawn(process.execPath, ["dist/cli.js", ...args], {
    env: cleanEnvironment({ ...servers, ...options.env }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.end(options.stdin ?? "");
  const finished = new Promise<Finished>((resolve) => {
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, finished };
}

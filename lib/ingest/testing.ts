import { Writable } from "node:stream";
import { Command } from "commander";
import type { Reading } from "../domain/reading.ts";
import type { AppendResult, EventLog } from "../ports/event-log.ts";
import type { Clock, Metrics } from "../ports/system.ts";
import type { CommandIo } from "./command-io.ts";

/** What the tests of this room share: small fakes of the ports. */
export interface FakeLog extends Pick<EventLog, "append"> {
  readonly appended: { tenant_id: string; readings: Reading[]; key?: string }[];
  /** Thrown by the next appends, one each. */
  readonly failures: Error[];
}

/** Remembers idempotency keys as the real log does. */
export function fakeLog(): FakeLog {
  const appended: FakeLog["appended"] = [];
  const failures: Error[] = [];
  const known = new Map<string, AppendResult>();
  let next = 0;
  return {
    appended,
    failures,
    async append(tenant_id, readings, options = {}) {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      const key = options.idempotency_key;
      const before = key === undefined ? undefined : known.get(`${tenant_id} ${key}`);
      if (before !== undefined) return { ...before, duplicate: true };
      appended.push({ tenant_id, readings, ...(key !== undefined && { key }) });
      next += readings.length;
      const result: AppendResult = {
        position: { log_id: "log", next: { 0: next } },
        received_at: 0,
        duplicate: false,
        accepted: readings.length,
      };
      if (key !== undefined) known.set(`${tenant_id} ${key}`, result);
      return result;
    },
  };
}

export function countingMetrics(): Metrics & { counts: Record<string, number> } {
  const counts: Record<string, number> = {};
  return {
    counts,
    increment(name, _labels, by = 1) {
      counts[name] = (counts[name] ?? 0) + by;
    },
    gauge() {},
    observe() {},
  };
}

export function fixedClock(now: number): Clock & { set(now: number): void } {
  return {
    now: () => now,
    set(at) {
      now = at;
    },
  };
}

/** Bytes in chunks of `size`, as a request or a file delivers them. */
export async function* inChunks(content: string | Uint8Array, size = 1 << 16): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** A command as the program has it, with what it wrote since `reset` and Ctrl-C as `abort`. */
export function commandUnderTest(
  register: (program: Command, io: CommandIo) => Command,
  io: Pick<CommandIo, "clock" | "random" | "env">,
) {
  const seen = { out: "", err: "", abort: new AbortController() };
  const writeOut = (text: string) => {
    seen.out += text;
  };
  const writeErr = (text: string) => {
    seen.err += text;
  };
  const sink = (take: (text: string) => void) =>
    new Writable({
      write(chunk, _encoding, done) {
        take(String(chunk));
        done();
      },
    });
  return {
    seen,
    reset(): void {
      Object.assign(seen, { out: "", err: "", abort: new AbortController() });
    },
    /** @throws what the command throws, which the program turns into an exit code */
    async run(...args: string[]): Promise<void> {
      const program = new Command().exitOverride().configureOutput({ writeOut, writeErr });
      const command = register(program, {
        ...io,
        stdout: sink(writeOut),
        stderr: sink(writeErr),
        interrupted: seen.abort.signal,
      });
      command.exitOverride().copyInheritedSettings(program);
      await program.parseAsync([command.name(), ...args], { from: "user" });
    },
  };
}

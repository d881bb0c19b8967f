import type { Reading } from "../domain/reading.ts";
import type { AppendResult, EventLog } from "../ports/event-log.ts";
import type { Clock, Metrics } from "../ports/system.ts";

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

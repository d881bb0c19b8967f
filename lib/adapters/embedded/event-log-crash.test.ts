import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { fakeClock, fakeLogger, fakeMetrics } from "../../testing/fake-system.ts";
import { gapIn } from "../../testing/log-collector.ts";
import { createEmbeddedLog } from "./event-log.ts";

const KILLS = 4;

it("loses nothing acknowledged and doubles nothing, however often it is killed while it writes", async () => {
  const data_dir = mkdtempSync(join(tmpdir(), "foresight-crash-"));
  /** Number of the batch → where the log said it lies. */
  const acknowledged = new Map<number, { first_offset: number; count: number }>();
  let next = 0;
  for (let round = 0; round < KILLS; round++) {
    const child = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        fileURLToPath(new URL("./event-log-crash.fixture.ts", import.meta.url)),
        data_dir,
        String(next),
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const enough = acknowledged.size + 100 + round * 37;
    for await (const line of createInterface(child.stdout)) {
      const [number, first_offset, count] = line.split(" ").map(Number) as [number, number, number];
      acknowledged.set(number, { first_offset, count });
      next = Math.max(next, number + 1);
      if (acknowledged.size === enough) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    expect(child.signalCode).toBe("SIGKILL");
    // What was under way has its numbers too; the next child begins behind them.
    next += 16;
  }

  const log = createEmbeddedLog({
    data_dir,
    clock: fakeClock(),
    logger: fakeLogger(),
    metrics: fakeMetrics(),
    retention_ms: 86_400_000,
  });
  await log.start();
  const due = new Map<number, number>();
  const stored = new Map<number, number[]>();
  for (let position = await log.earliest("sensor_readings"); ; ) {
    const read = await log.read("sensor_readings", position, 10_000);
    if (read.batches.length === 0) break;
    expect(gapIn(due, read.batches)).toBeUndefined();
    for (const { first_offset, values } of read.batches)
      for (const [i, { value }] of values.entries())
        stored.set(value, [...(stored.get(value) ?? []), first_offset + i]);
    position = read.position;
  }
  for (const [number, { first_offset, count }] of acknowledged)
    expect(stored.get(number)).toEqual(Array.from({ length: count }, (_, i) => first_offset + i));
  // What was not acknowledged is there whole, or not at all.
  for (const [number, offsets] of stored) expect(offsets).toHaveLength(1 + (number % 50));
  await log.stop();
  rmSync(data_dir, { recursive: true });
}, 60_000);

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { openStore } from "./store.ts";
import { storeReport } from "./store-report.ts";

const KILLS = 4;
const TENANT = "acme";
const SENSORS = 7;

it("[fault 5] keeps readings, alerts, health, state and position as one, however often it is killed", async () => {
  const data_dir = mkdtempSync(join(tmpdir(), "foresight-crash-"));
  const fixture = fileURLToPath(new URL("./store-crash.fixture.ts", import.meta.url));
  let acknowledged = 0;
  for (let round = 0; round < KILLS; round++) {
    const child = spawn(process.execPath, ["--import", "tsx", fixture, data_dir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let commits = 0;
    for await (const line of createInterface(child.stdout)) {
      acknowledged = Math.max(acknowledged, Number(line));
      if (++commits === 20 + round * 13) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    expect(child.signalCode).toBe("SIGKILL");

    expect(storeReport(data_dir)).toMatchObject({ ok: true });
    const store = openStore({ data_dir, clock: { now: () => 0 } });
    await store.start();
    const position = (await store.processorPosition("log-1")).next[0]!;
    expect(position).toBeGreaterThanOrEqual(acknowledged);
    expect((await store.stats(TENANT)).readings).toBe(position);
    const stored: number[] = [];
    for (let i = 0; i < SENSORS; i++)
      for (const { value } of await store.history(TENANT, { asset_id: "A", sensor_id: `S${i}` }))
        stored.push(value);
    expect(stored.sort((a, b) => a - b)).toEqual(Array.from({ length: position }, (_, i) => i));

    const state = (await store.loadState(TENANT))[0]!.state;
    expect(new TextDecoder().decode(state)).toBe(String(position));
    const events = await store.alertEvents(TENANT, 0, 100_000);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    const { positions } = await store.snapshot(TENANT);
    // One alert and one score a commit.
    expect(positions.health_scores.next[0]).toBe(events.length);
    expect(positions.sensor_data.next[0]).toBe(position);
    await store.stop();
  }
  rmSync(data_dir, { recursive: true });
}, 60_000);

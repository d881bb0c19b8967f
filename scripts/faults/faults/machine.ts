import { execFile } from "node:child_process";
import { mkdtemp, rm, statfs, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Fault } from "../fault.ts";
import { trial } from "../support/trial.ts";
import { pause, until } from "../support/wait.ts";
import { World } from "../support/world.ts";

const run = promisify(execFile);
const DISK_MIB = 96;
const FIVE_MINUTES = 300_000;

/** Fills what is left of the file system by a file of zeros. */
async function fill(path: string): Promise<void> {
  const chunk = Buffer.alloc(256 * 1024);
  for (;;)
    try {
      await writeFile(path, chunk, { flag: "a" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOSPC") return;
      throw error;
    }
}

export const diskFull: Fault = {
  name: "disk-full",
  numbers: [15],
  title: "the disk of the data directory fills up under load and is freed (a small tmpfs: needs root)",
  on: "embedded",
  quick: false,
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "foresight-small-disk-"));
    await run("mount", ["-t", "tmpfs", "-o", `size=${DISK_MIB}m`, "tmpfs", folder]);
    const world = new World();
    try {
      await world.start("server", { data_dir: folder });
      return await trial(world, {}, async ({ load, more, see, checker }) => {
        const ballast = join(folder, "ballast");
        await fill(ballast);
        await until("the load is refused", () => load.refusals.full > 0, 60_000);
        const { bavail } = await statfs(folder);
        see("free blocks when it was refused", Number(bavail), true);
        const acknowledged = checker.acknowledgedReadings;
        // Long enough for what the processor has to commit to fail as well.
        await pause(3_000);
        const server = world.instances[0]!;
        const alive = await fetch(`${server.url}/healthz`);
        see("the server lives", String(alive.status), alive.status === 200);
        see("acknowledged while full", checker.acknowledgedReadings - acknowledged, true);
        await truncate(ballast, 0);
        await more(1_000);
        const { full, other } = load.refusals;
        see("answers while full", `${full} × storage_full, ${other} others`, full > 0 && other === 0);
        const readiness = await server.readyz();
        see("ready again", String(readiness?.ready), readiness?.ready === true);
      });
    } finally {
      await world.close();
      await run("umount", [folder]);
      await rm(folder, { recursive: true, force: true });
    }
  },
};

export const clockSteps: Fault = {
  name: "clock-steps",
  numbers: [16],
  title: "the server's wall clock steps five minutes forward, then ten back",
  on: "embedded",
  quick: true,
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "foresight-clock-"));
    const file = join(folder, "offset");
    await writeFile(file, "0");
    const preload = pathToFileURL(join(import.meta.dirname, "../support/shifted-clock.mjs")).href;
    const world = new World({ NODE_OPTIONS: `--import=${preload}`, FAULT_CLOCK_FILE: file });
    try {
      await world.start("server");
      return await trial(world, {}, async ({ more, see, admin }) => {
        const shown = async () => {
          const response = await fetch(`${world.urls()[0]}/api/snapshot`, {
            headers: { authorization: `Bearer ${admin}` },
          });
          return Date.parse(((await response.json()) as { timestamp: string }).timestamp) - Date.now();
        };
        for (const offset of [FIVE_MINUTES, -FIVE_MINUTES, 0]) {
          await writeFile(file, String(offset));
          await until(
            "the server's clock is where it was set",
            async () => Math.abs((await shown()) - offset) < 5_000,
            10_000,
          );
          see("the server's clock is off by", `${Math.round((await shown()) / 1_000)} s`, true);
          await more(1_000);
        }
      });
    } finally {
      await world.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

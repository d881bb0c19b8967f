import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { connectChecker } from "./support/checker.ts";
import { foresight, launch } from "./support/cli.ts";
import { expect, test } from "./support/fixtures.ts";
import { type RunningServer, removeData, startServer } from "./support/server.ts";

/** Generates a small plant into a folder of its own. */
async function generate(args: string[]): Promise<{ folder: string; file: string; readings: number }> {
  const folder = await mkdtemp(join(tmpdir(), "foresight-data-"));
  const file = join(folder, "plant.csv");
  const made = await foresight(["convert-cmapss", "--generate", "-o", file, ...args]);
  expect(made.code, made.stderr).toBe(0);
  const readings = (await readFile(file, "utf8")).trimEnd().split("\n").length - 1;
  return { folder, file, readings };
}

const mint = async (server: RunningServer, role: string, tenant = "demo") =>
  (
    await foresight(["token", "--tenant", tenant, "--role", role, "--data-dir", server.data_dir])
  ).stdout.trim();

async function stats(
  server: RunningServer,
  token: string,
): Promise<{ readings: number; open_alerts: number }> {
  const response = await fetch(`${server.url}/api/stats`, { headers: { authorization: `Bearer ${token}` } });
  return (await response.json()) as { readings: number; open_alerts: number };
}

test.describe("a real file in, a real browser out", () => {
  let server: RunningServer;
  test.beforeEach(async () => {
    server = await startServer();
  });
  test.afterEach(async () => {
    await server.stop();
    await removeData(server);
  });

  test("a generated file streamed through the command line moves counters, chart, alerts and health in two tabs", async ({
    context,
  }) => {
    const { folder, file, readings } = await generate(["--assets", "3", "--hours", "1", "--interval", "2s"]);
    const sign = async () => {
      const page = await context.newPage();
      await page.goto(`${server.url}/static/realtime_test.html`);
      if (
        new URL(page.url()).pathname === "/login" ||
        (await page
          .getByLabel("Username")
          .isVisible()
          .catch(() => false))
      ) {
        await page.getByLabel("Username").fill("operator@demo");
        await page.getByLabel("Password").fill("correct horse battery");
        await page.getByRole("button", { name: "Sign in" }).click();
      }
      await page.waitForURL("**/realtime-test");
      return page;
    };
    const bench = await sign();
    await bench.getByRole("button", { name: "Connect", exact: true }).click();
    await expect(bench.getByText("Connected", { exact: true })).toBeVisible();
    const fleet = await context.newPage();
    await fleet.goto(`${server.url}/`);

    const streaming = foresight(["sensor-ingestor", file, "--data-dir", server.data_dir]);
    await expect(fleet.getByText("PUMP-001").first()).toBeVisible({ timeout: 30_000 });
    const { code, stderr } = await streaming;
    expect(code, stderr).toBe(0);
    await expect
      .poll(async () => Number((await bench.getByTestId("readings-count").innerText()).replace(/\D/g, "")), {
        timeout: 30_000,
      })
      .toBe(readings);
    await expect
      .poll(async () => Number((await bench.getByTestId("alerts-count").innerText()).replace(/\D/g, "")), {
        timeout: 30_000,
      })
      .toBeGreaterThan(0);
    const viewer = await mint(server, "viewer");
    expect((await stats(server, viewer)).readings).toBe(readings);
    expect((await stats(server, viewer)).open_alerts).toBeGreaterThan(0);
    await rm(folder, { recursive: true });
  });

  test("a server killed and started again in mid-stream loses no reading and shows none twice", async () => {
    const { folder, file, readings } = await generate(["--assets", "3", "--hours", "1", "--interval", "1s"]);
    const viewer = await mint(server, "viewer");
    const checker = connectChecker(server.url, "demo", viewer);
    await checker.until(() => checker.live);

    const { finished } = launch([
      "sensor-ingestor",
      file,
      "--realtime",
      "--speed",
      "300",
      "--data-dir",
      server.data_dir,
    ]);
    for (const share of [0.2, 0.5]) {
      await checker.until(() => checker.distinct >= readings * share);
      await server.stop("SIGKILL");
      server = await startServer({ data_dir: server.data_dir, port: server.port });
    }
    const { code, stderr } = await finished;
    expect(code, stderr).toBe(0);
    await checker.until(() => checker.distinct === readings);
    expect(checker.doubled).toBe(0);
    expect(checker.reordered).toBe(0);
    await expect.poll(async () => (await stats(server, viewer)).readings, { timeout: 15_000 }).toBe(readings);
    checker.close();
    await rm(folder, { recursive: true });
  });

  test("[bad input 13] another tenant is answered like one that does not exist, and sees none of the data", async () => {
    await foresight(["tenant", "add", "rival", "--data-dir", server.data_dir]);
    const rival = await mint(server, "admin", "rival");
    const ours = await mint(server, "ingest");
    const posted = await fetch(`${server.url}/api/ingest`, {
      method: "POST",
      headers: { authorization: `Bearer ${ours}`, "content-type": "application/json" },
      body: JSON.stringify([
        {
          asset_id: "PUMP-001",
          sensor_id: "PUMP-001-TEMP",
          sensor_type: "temperature",
          value: 99,
          unit: "celsius",
          timestamp: "2024-01-01T00:00:00Z",
        },
      ]),
    });
    expect(posted.status).toBe(202);
    const status = async (path: string) =>
      (await fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${rival}` } })).status;
    expect(await status("/api/assets/PUMP-001")).toBe(404);
    expect(await status("/api/assets/NEVER-001")).toBe(404);
    expect((await stats(server, rival)).readings).toBe(0);
    for (const tenant of ["demo", "no-such-tenant"]) {
      const answered = await new Promise<number | undefined>((resolve) => {
        const socket = new WebSocket(
          `${server.url.replace("http", "ws")}/ws/dashboard/${tenant}?token=${rival}`,
        );
        socket.on("open", () => resolve(101));
        socket.on("unexpected-response", (_, response) => resolve(response.statusCode));
        socket.on("error", () => undefined);
      });
      expect(answered).toBe(403);
    }
  });
});

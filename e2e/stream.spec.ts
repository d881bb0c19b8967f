import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { WebSocket } from "ws";
import { connectChecker } from "./support/checker.ts";
import { foresight, launch } from "./support/cli.ts";
import { expect, test } from "./support/fixtures.ts";
import { PASSWORD, type RunningServer, removeData, startServer } from "./support/server.ts";

/** Generates a small plant into a folder of its own, and names the first asset that was planted to fail. */
async function generate(
  args: string[],
): Promise<{ folder: string; file: string; readings: number; failing: string }> {
  const folder = await mkdtemp(join(tmpdir(), "foresight-data-"));
  const file = join(folder, "plant.csv");
  const made = await foresight(["convert-cmapss", "--generate", "-o", file, ...args]);
  expect(made.code, made.stderr).toBe(0);
  const readings = (await readFile(file, "utf8")).trimEnd().split("\n").length - 1;
  const truth = JSON.parse(await readFile(join(folder, "plant.truth.json"), "utf8")) as {
    faults: { asset_id: string }[];
  };
  return { folder, file, readings, failing: truth.faults[0]!.asset_id };
}

/** The plain page that leads to the bench, through the login and back; connected when it resolves. */
async function openBench(context: BrowserContext, server: RunningServer): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${server.url}/static/realtime_test.html`);
  await page.waitForURL("**/login?**");
  await page.getByLabel("Username").fill("operator@demo");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/realtime-test");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  return page;
}

const count = async (page: Page, id: string) =>
  Number((await page.getByTestId(id).innerText()).replace(/\D/g, ""));

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
    test.setTimeout(120_000);
    const { folder, file, readings, failing } = await generate([
      "--assets",
      "3",
      "--hours",
      "1",
      "--interval",
      "2s",
    ]);
    const bench = await openBench(context, server);
    const fleet = await context.newPage();
    await fleet.goto(`${server.url}/`);

    const streaming = foresight(["sensor-ingestor", file, "--speed", "120", "--data-dir", server.data_dir]);
    const chart = fleet.locator("canvas").first();
    await expect(chart).toBeVisible({ timeout: 30_000 });
    const drawn = () => chart.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const before = await drawn();
    await expect.poll(drawn).not.toBe(before);
    const { code, stderr } = await streaming;
    expect(code, stderr).toBe(0);

    await expect.poll(() => count(bench, "readings-count"), { timeout: 30_000 }).toBe(readings);
    await expect.poll(() => count(bench, "alerts-count"), { timeout: 30_000 }).toBeGreaterThan(0);
    await expect(fleet.getByRole("row", { name: new RegExp(failing) }).first()).toContainText(
      /critical|high/i,
      {
        timeout: 30_000,
      },
    );
    const viewer = await mint(server, "viewer");
    await expect.poll(async () => (await stats(server, viewer)).readings).toBe(readings);
    expect((await stats(server, viewer)).open_alerts).toBeGreaterThan(0);
    await rm(folder, { recursive: true });
  });

  test("a page survives a server killed in mid-stream: it says so, comes back by itself and counts every reading once", async ({
    context,
  }) => {
    test.setTimeout(120_000);
    const { folder, file, readings } = await generate(["--assets", "3", "--hours", "1", "--interval", "2s"]);
    const bench = await openBench(context, server);
    const streaming = foresight(["sensor-ingestor", file, "--speed", "240", "--data-dir", server.data_dir]);
    await expect
      .poll(() => count(bench, "readings-count"), { timeout: 30_000 })
      .toBeGreaterThan(readings / 4);
    await server.stop("SIGKILL");
    await expect(bench.getByText("Connected", { exact: true })).toBeHidden();
    server = await startServer({ data_dir: server.data_dir, port: server.port });
    await expect(bench.getByText("Connected", { exact: true })).toBeVisible({ timeout: 60_000 });
    const { code, stderr } = await streaming;
    expect(code, stderr).toBe(0);
    await expect.poll(() => count(bench, "readings-count"), { timeout: 60_000 }).toBe(readings);
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

  test("[bad input 13] another tenant is answered like one that does not exist, and sees none of the data", {
    tag: "@servers",
  }, async () => {
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

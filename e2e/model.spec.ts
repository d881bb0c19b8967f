import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { foresight } from "./support/cli.ts";
import { type RunningServer, removeData, startServer } from "./support/server.ts";

interface Health {
  rul?: number | null;
  rul_unit?: string;
  model?: string;
  reason?: string;
}

let server: RunningServer;
let folder: string;
const beside = (...args: string[]) => foresight([...args, "--data-dir", server.data_dir]);

test.beforeEach(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), "foresight-data-"));
});
test.afterEach(async () => {
  await server.stop();
  await removeData(server);
  await rm(folder, { recursive: true });
});

test("a model installed beside a running server judges at once, with what went before, until it is removed", async () => {
  test.setTimeout(120_000);
  const file = join(folder, "plant.csv");
  await foresight([
    "convert-cmapss",
    "--generate",
    "--hours",
    "0.1",
    "-o",
    file,
    "--start",
    "2024-01-01T00:00:00Z",
  ]);
  const token = (await beside("token", "--tenant", "demo", "--role", "viewer")).stdout.trim();
  const healthOf = async (asset_id: string): Promise<Health | undefined> => {
    const response = await fetch(`${server.url}/api/snapshot`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { assets } = (await response.json()) as { assets: { asset_id: string; health?: Health }[] };
    return assets.find((asset) => asset.asset_id === asset_id)?.health;
  };
  /** The plant goes on for a while: a later file, its times after those before. */
  let minute = 10;
  const goOn = async () => {
    const start = `2024-01-01T00:${minute++}:00Z`;
    const more = join(folder, `${minute}.csv`);
    await foresight(["convert-cmapss", "--generate", "--hours", "0.002", "-o", more, "--start", start]);
    expect((await beside("sensor-ingestor", more)).code).toBe(0);
  };
  const send = await beside("sensor-ingestor", file);
  expect(send.code, send.stderr).toBe(0);
  await expect.poll(() => healthOf("PUMP-001")).toBeDefined();
  expect(await healthOf("PUMP-001")).not.toHaveProperty("rul");

  const install = ["model", "install", "models/pump.model.json", "--tenant", "demo", "--asset-type", "pump"];
  const installed = await beside(...install);
  expect(installed.code, installed.stderr).toBe(0);
  const id = /^(plant-pump@\S+) judges/.exec(installed.stderr)?.[1];
  const judged = async () => {
    await goOn();
    return await healthOf("PUMP-001");
  };
  await expect.poll(judged, { timeout: 30_000 }).toMatchObject({ model: id, rul_unit: "hours" });
  // Of the first ten steps alone nothing would be told: the state was rebuilt from what was stored.
  expect(typeof (await healthOf("PUMP-001"))?.rul).toBe("number");
  expect(await healthOf("MOTOR-001")).not.toHaveProperty("rul");

  const listed = await beside("model", "list", "--tenant", "demo", "--json");
  expect(JSON.parse(listed.stdout)).toMatchObject([{ asset_type: "pump", model: id }]);
  expect((await beside("model", "remove", "--tenant", "demo", "--asset-type", "pump")).code).toBe(0);
  await expect.poll(judged, { timeout: 30_000 }).not.toHaveProperty("rul");
});

test("a model that is damaged, or for nobody, is refused with its exit code and changes nothing", async () => {
  const install = (file: string, tenant: string) =>
    beside("model", "install", file, "--tenant", tenant, "--asset-type", "pump");
  expect(await install("package.json", "demo")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("is refused: its format is not"),
  });
  expect(await install("models/none.json", "demo")).toMatchObject({ code: 2 });
  expect(await install("models/pump.model.json", "nobody")).toMatchObject({
    code: 1,
    stderr: "There is no tenant nobody.\n",
  });
  expect((await beside("model", "list", "--tenant", "demo")).stdout).toBe("");
});

import { expect, test } from "@playwright/test";
import { formatTimestamp } from "../lib/domain/time.ts";
import { plantReadings } from "../lib/ingest/plant/plant.ts";
import { foresight } from "./support/cli.ts";
import { type RunningServer, removeData, startServer } from "./support/server.ts";

interface Health {
  rul?: number | null;
  rul_unit?: string;
  model?: string;
  reason?: string;
}

let server: RunningServer;
const beside = (...args: string[]) => foresight([...args, "--data-dir", server.data_dir]);
const mint = async (role: string) =>
  (await beside("token", "--tenant", "demo", "--role", role)).stdout.trim();

test.beforeEach(async () => {
  server = await startServer();
});
test.afterEach(async () => {
  await server.stop();
  await removeData(server);
});

test("a model installed beside a running server judges at once, with what went before, until it is removed", async () => {
  test.setTimeout(240_000);
  const [ingest, viewer] = await Promise.all([mint("ingest"), mint("viewer")]);
  const plant = plantReadings({
    ...{ assets: 3, interval_ms: 1_000, seed: 7, start: Date.UTC(2024, 0, 1) },
    mode: { kind: "endless" },
  });
  const send = async (seconds: number) => {
    const readings = Array.from({ length: seconds }, () => plant.next().value as object[]).flat();
    const lines = readings.map((one) =>
      JSON.stringify({ ...one, timestamp: formatTimestamp((one as { timestamp: number }).timestamp) }),
    );
    const answer = await fetch(`${server.url}/api/ingest`, {
      method: "POST",
      headers: { authorization: `Bearer ${ingest}`, "content-type": "application/x-ndjson" },
      body: lines.join("\n"),
    });
    expect(answer.status).toBe(202);
  };
  const healthOf = async (asset_id: string): Promise<Health | undefined> => {
    const answer = await fetch(`${server.url}/api/snapshot`, {
      headers: { authorization: `Bearer ${viewer}` },
    });
    const { assets } = (await answer.json()) as { assets: { asset_id: string; health?: Health }[] };
    return assets.find((asset) => asset.asset_id === asset_id)?.health;
  };
  /** The plant goes on for two seconds. */
  const judged = async () => {
    await send(2);
    return await healthOf("PUMP-001");
  };

  await send(45);
  await expect.poll(() => healthOf("PUMP-001")).toBeDefined();
  expect(await healthOf("PUMP-001")).not.toHaveProperty("rul");

  const model = ["models/pump.model.json", "--tenant", "demo", "--asset-type", "pump"];
  const installed = await beside("model", "install", ...model);
  expect(installed.code, installed.stderr).toBe(0);
  const id = /^(plant-pump@\S+) judges/.exec(installed.stderr)?.[1];
  await expect.poll(judged, { intervals: [500] }).toMatchObject({ model: id, rul_unit: "hours" });
  // Of fewer than ten steps nothing is told: the state was rebuilt from what was stored.
  expect(typeof (await healthOf("PUMP-001"))?.rul).toBe("number");
  expect(await healthOf("MOTOR-001")).not.toHaveProperty("rul");

  expect(JSON.parse((await beside("model", "list", "--tenant", "demo", "--json")).stdout)).toMatchObject([
    { asset_type: "pump", model: id },
  ]);
  expect((await beside("model", "remove", "--tenant", "demo", "--asset-type", "pump")).code).toBe(0);
  await expect.poll(judged, { intervals: [500] }).not.toHaveProperty("rul");

  const damaged = await beside("model", "install", "package.json", ...model.slice(1));
  expect(damaged).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("is refused: its format is not"),
  });
  const nobody = await beside("model", "install", model[0]!, "--tenant", "nobody", "--asset-type", "pump");
  expect(nobody).toMatchObject({ code: 1, stderr: "There is no tenant nobody.\n" });
});

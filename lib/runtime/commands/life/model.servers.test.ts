import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, it, vi } from "vitest";
import type { MongoStore } from "../../../adapters/mongo/store.ts";
import { modelId, parseModel } from "../../../health/life/model-file.ts";
import { wearingFleet } from "../../../health/testing.ts";
import { type TestDatabase, testDatabase } from "../../../testing/mongo-database.ts";
import { registerModel } from "./model.ts";
import { exitOf, writeRuns } from "./testing.ts";
import { registerTrain } from "./train.ts";

const services = inject("services");
const model = exitOf(registerModel);

describe("models on MongoDB", () => {
  let database: TestDatabase;
  let server: MongoStore;
  let directory: string;
  let file: string;

  beforeEach(async () => {
    database = await testDatabase(services.MONGODB_URI);
    server = await database.open();
    await server.addTenant({ tenant_id: "north", name: "North", created_at: 0 }, []);
    directory = await mkdtemp(join(tmpdir(), "model-servers-"));
    file = join(directory, "engine.model.json");
    const runs = await writeRuns(join(directory, "runs.csv"), wearingFleet(6, { seed: 3 }).runs);
    const trained = await exitOf(registerTrain)(runs, "--out", file, "--folds", "2", "--cap", "80");
    expect(trained.code, trained.err).toBe(0);
    vi.stubEnv("MONGODB_URI", database.uri);
    vi.stubEnv("KAFKA_BROKERS", services.KAFKA_BROKERS);
    vi.stubEnv("NEXTAUTH_SECRET", "0123456789abcdef0123456789abcdef");
  }, 60_000);
  afterEach(async () => {
    vi.unstubAllEnvs();
    await database.dispose();
    await rm(directory, { recursive: true });
  });

  it("are installed, listed and removed by the commands, and a running server's store sees each change", async () => {
    const before = await server.configVersion();
    const installed = await model("install", file, "--tenant", "north", "--asset-type", "engine");
    expect(installed, installed.message).toMatchObject({ code: 0 });
    const text = await readFile(file, "utf8");
    const model_id = modelId(parseModel(text));
    expect(await server.models("north")).toEqual([
      { asset_type: "engine", model_id, installed_at: Date.UTC(2025, 0, 1), file: text },
    ]);
    const between = await server.configVersion();
    expect(between).not.toBe(before);
    const listed = await model("list", "--tenant", "north", "--json");
    expect(JSON.parse(listed.out)).toMatchObject([{ asset_type: "engine", model: model_id }]);
    const remove = ["remove", "--tenant", "north", "--asset-type", "engine"];
    expect(await model(...remove)).toMatchObject({ code: 0 });
    expect(await server.models("north")).toEqual([]);
    expect(await server.configVersion()).not.toBe(between);
    expect(await model(...remove)).toMatchObject({ code: 1 });
    expect(await model("list", "--tenant", "south")).toMatchObject({
      code: 1,
      message: "There is no tenant south.",
    });
  });
});

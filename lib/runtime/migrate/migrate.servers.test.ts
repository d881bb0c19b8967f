import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { createEmbeddedLog } from "../../adapters/embedded/event-log.ts";
import { openLogReader } from "../../adapters/embedded/log-reader.ts";
import { openStore } from "../../adapters/embedded/store.ts";
import { createMongoStore } from "../../adapters/mongo/store.ts";
import type { User } from "../../domain/account.ts";
import { DEFAULT_RULES } from "../../domain/default-rules.ts";
import { DEFAULT_TIMESTAMP_BOUNDS } from "../../domain/time.ts";
import type { Store } from "../../ports/store.ts";
import { createProcessor, type ProcessorLog } from "../../processor/processor.ts";
import { readingsOf } from "../../testing/event-log-contract.ts";
import { fakeLogger, fakeMetrics } from "../../testing/fake-system.ts";
import { counting, freshPrefix, openLog } from "../../testing/kafka-log.ts";
import { type TestDatabase, testDatabase } from "../../testing/mongo-database.ts";
import type { Comparison } from "./digest.ts";
import { migrateInstallation } from "./migrate.ts";

const { KAFKA_BROKERS, MONGODB_URI } = inject("services");
const clock = { now: Date.now };
const logger = fakeLogger();
const metrics = fakeMetrics();
const READINGS = 24_000;
const ASSETS = 40;

const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

async function folder(): Promise<string> {
  const data_dir = await mkdtemp(join(tmpdir(), "foresight-migrate-"));
  ends.push(() => rm(data_dir, { recursive: true }));
  return data_dir;
}

async function withEmbedded<T>(data_dir: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = openStore({ data_dir, clock });
  await store.start();
  try {
    return await use(store);
  } finally {
    await store.stop();
  }
}

async function processAll(log: ProcessorLog, store: Store): Promise<void> {
  const processor = createProcessor({ log, store, clock, logger, metrics });
  await processor.start();
  await vi.waitFor(async () => expect(await processor.lag()).toBe(0), { timeout: 60_000, interval: 100 });
  await processor.stop();
}

const anna: User = {
  username: "Anna",
  tenant_id: "acme",
  role: "operator",
  password_hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
  disabled: false,
  created_at: 5,
};

/** An installation that has lived: two tenants, accounts, alerts that people handled, and readings not processed yet. */
async function inhabited(): Promise<string> {
  const data_dir = await folder();
  await withEmbedded(data_dir, async (store) => {
    await store.addTenant({ tenant_id: "acme", name: "Acme", created_at: 1 }, DEFAULT_RULES);
    await store.addTenant({ tenant_id: "north", name: "North", created_at: 2 }, []);
    await store.addUser(anna);
    await store.addUser({ ...anna, username: "boreas", tenant_id: "north", disabled: true });
    await store.addToken({
      jti: "token-1",
      tenant_id: "acme",
      name: "plc",
      role: "ingest",
      created_by: "Anna",
      created_at: 7,
      expires_at: Date.now() + 86_400_000,
      revoked: false,
    });
    await store.putUpload({
      id: "upload-1",
      tenant_id: "acme",
      file_name: "a.csv",
      by: "Anna",
      state: "done",
      bytes: 10,
      bytes_read: 10,
      accepted: 1,
      duplicates: 0,
      rejected: 1,
      rejects: [{ line: 2, reason: "no value" }],
      started_at: 8,
    });
    await store.putSettings("north", {
      time_zone: "Europe/Oslo",
      units: {},
      changed_at: 9,
      changed_by: "boreas",
    });
    await store.putModel("north", { asset_type: "fan", model_id: "m", installed_at: 9, file: "{}" });
    const log = createEmbeddedLog({
      data_dir,
      clock,
      logger,
      metrics,
      retention_ms: 86_400_000,
      keep_after: async () => ({ log_id: "", next: {} }),
    });
    await log.start();
    for (let from = 0; from < READINGS; from += 8_000)
      await log.append("acme", readingsOf(8_000, from, ASSETS));
    const reader = openLogReader({ data_dir, logger });
    await reader.start();
    await processAll(reader, store);
    await reader.stop();
    await store.setAssetType("acme", "PUMP-003", "booster");
    const [first, second] = await store.alerts("acme", { limit: 2 });
    await store.execute("acme", [
      { kind: "acknowledge", event_id: "a", at: 10, by: "Anna", alert_id: first!.id, comment: "seen" },
      { kind: "resolve", event_id: "b", at: 11, by: "Anna", alert_id: second!.id },
    ]);
    await log.append("north", readingsOf(500, 0, 5));
    await log.stop();
  });
  return data_dir;
}

describe("foresight migrate", () => {
  const topic_prefix = freshPrefix();
  let data_dir: string;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase(MONGODB_URI);
    ends.push(() => database.dispose());
    data_dir = await inhabited();
  });

  /** The command as a process of its own. */
  function launch() {
    const args = ["migrate", "--json", "--data-dir", data_dir];
    args.push("--to-mongodb", database.uri, "--to-kafka", KAFKA_BROKERS);
    const { PATH, HOME } = process.env;
    const env: Record<string, string | undefined> = { PATH, HOME, LOG_LEVEL: "fatal" };
    const child = spawn(process.execPath, ["--import", "tsx", "cli.ts", ...args], {
      env: { ...env, NODE_ENV: "test", KAFKA_TOPIC_PREFIX: topic_prefix, KAFKA_PARTITIONS: "4" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
      child.once("close", (code) => resolve({ code, stdout, stderr })),
    );
    return { child, ended };
  }

  /** What the command does, in this process. */
  const migrate = (from: string, uri: string, prefix = freshPrefix()) =>
    migrateInstallation({
      data_dir: from,
      servers: {
        kafka: { brokers: KAFKA_BROKERS.split(","), topic_prefix: prefix, partitions: 4 },
        mongodb_uri: uri,
      },
      timestamp_bounds: DEFAULT_TIMESTAMP_BOUNDS,
      clock,
      logger,
      metrics,
      say: () => undefined,
      progress: () => undefined,
      proceed: () => undefined,
    });

  it("refuses a database that is not empty, and a directory without data", async () => {
    const other = await testDatabase(MONGODB_URI);
    ends.push(() => other.dispose());
    const used = await other.open();
    await used.addTenant({ tenant_id: "here", name: "Here", created_at: 0 }, []);
    await expect(migrate(data_dir, other.uri)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("not empty"),
    });
    expect((await used.tenants()).map(({ tenant_id }) => tenant_id)).toEqual(["here"]);
    await expect(migrate(await folder(), other.uri)).rejects.toMatchObject({ code: "not_found" });
  });

  it("killed by -9 in the middle, it keeps servers and other directories out and goes on when called again", async () => {
    const { child, ended } = launch();
    await vi.waitFor(
      async () => expect(await database.collections.series.countDocuments()).toBeGreaterThan(0),
      {
        timeout: 90_000,
        interval: 10,
      },
    );
    child.kill("SIGKILL");
    await ended;
    await expect(database.open()).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("has not ended"),
    });
    const another = await folder();
    await withEmbedded(another, (store) =>
      store.addTenant({ tenant_id: "acme", name: "Other", created_at: 0 }, []),
    );
    await expect(migrate(another, database.uri)).rejects.toMatchObject({
      message: expect.stringContaining("Another data directory"),
    });

    const { code, stdout, stderr } = await launch().ended;
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("Going on where it was cut off");
    const compared = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Comparison);
    expect(compared.filter(({ same }) => !same)).toEqual([]);
    const counts = Object.fromEntries(
      compared.map(({ tenant_id, part, target }) => [`${tenant_id} ${part}`, target]),
    );
    expect(counts).toMatchObject({
      "acme users": 1,
      "acme tokens": 1,
      "acme rules": DEFAULT_RULES.length,
      "acme given defaults": DEFAULT_RULES.length,
      "acme uploads": 1,
      "acme assets": ASSETS,
      "acme readings": READINGS,
      "acme states of assets": ASSETS,
      "north users": 1,
      "north models": 1,
      "north readings": 500,
    });

    await expect(migrate(data_dir, database.uri, topic_prefix)).rejects.toMatchObject({
      message: expect.stringContaining("already"),
    });
  });

  it("what was carried over answers like before, and judging goes on without a break", async () => {
    const store = createMongoStore({ uri: database.uri, clock });
    await store.start();
    ends.push(() => store.stop());
    await withEmbedded(data_dir, async (before) => {
      for (const tenant of ["acme", "north"]) {
        expect(await store.stats(tenant)).toEqual(await before.stats(tenant));
        expect(await store.assets(tenant)).toEqual(await before.assets(tenant));
      }
      const [alert] = await before.alerts("acme", { limit: 1, state: ["acknowledged"] });
      expect(await store.alert("acme", alert!.id)).toEqual(await before.alert("acme", alert!.id));
      expect(await store.user("ANNA")).toEqual(anna);
      expect((await store.settings("north")).time_zone).toBe("Europe/Oslo");
      expect(await store.revokedCredentials(["token-1", "token-2"], Date.now())).toEqual(
        new Set(["token-2"]),
      );
      const query = { asset_id: "PUMP-007", sensor_id: "PUMP-007-TEMP", max_points: 100 };
      const [first, last] = [
        (await store.history("acme", query))[0],
        (await store.history("acme", query)).at(-1),
      ];
      expect([first!.min, last!.max]).toEqual([7, READINGS - ASSETS + 7]);
    });

    const seq = await store.lastAlertSeq("acme");
    const counted = counting();
    const log = await openLog(KAFKA_BROKERS, { topic_prefix, dead_letters: true, metrics: counted.metrics });
    ends.push(() => log.stop());
    const processor = createProcessor({ log, store, clock, logger, metrics: counted.metrics });
    await processor.start();
    ends.push(() => processor.stop());
    await log.append("acme", readingsOf(400, READINGS, ASSETS));
    await vi.waitFor(async () => expect((await store.stats("acme")).readings).toBe(READINGS + 400), {
      timeout: 60_000,
      interval: 100,
    });
    await vi.waitFor(async () => expect(await processor.lag()).toBe(0), { timeout: 60_000, interval: 100 });
    // Still hot, and known to be. The booster is no pump any more: what stood by the rules for pumps clears.
    const told = await store.alertEvents("acme", seq, 100);
    expect(told.map(({ kind, alert }) => [kind, alert.asset_id])).toEqual([
      ["cleared", "PUMP-003"],
      ["cleared", "PUMP-003"],
    ]);
    // Each asset is in the partition where its state says it is.
    expect(counted.of("foresight_assets_on_two_partitions_total")).toBe(0);
  });
});

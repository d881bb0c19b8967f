import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { Kafka, logLevel } from "kafkajs";
import { MongoClient } from "mongodb";
import { describe, expect, inject, it, vi } from "vitest";
import { databaseUri } from "./mongo-server.ts";

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

describe("the servers of the integration tests", () => {
  const { KAFKA_BROKERS, MONGODB_URI, REDIS_URL } = inject("services");

  it("answer as Kafka, as a MongoDB-compatible server and as Redis", async () => {
    const admin = new Kafka({ brokers: KAFKA_BROKERS.split(","), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    expect((await admin.describeCluster()).brokers.length).toBeGreaterThan(0);
    await admin.disconnect();

    const client = new MongoClient(databaseUri(MONGODB_URI, "services_test"));
    const things = client.db().collection("things");
    await things.insertOne({ name: "one" });
    expect(await things.countDocuments({ name: "one" })).toBe(1);
    await client.db().dropDatabase();
    await client.close();

    expect(await answers(Number(new URL(REDIS_URL).port))).toBe(true);
  });

  it("end with the process that started them, killed by -9 though it be", async () => {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", fileURLToPath(new URL("holder.fixture.ts", import.meta.url))],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const { port, folder } = JSON.parse(line.toString()) as { port: number; folder: string };
    expect(await answers(port)).toBe(true);
    child.kill("SIGKILL");
    await vi.waitFor(
      async () => {
        expect(await answers(port)).toBe(false);
        expect(existsSync(folder)).toBe(false);
      },
      { timeout: 10_000 },
    );
  });
});

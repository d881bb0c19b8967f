import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";

const SECRET = "Zk3v9QwLr7TnXc2bYh8MsPd5GfAe4JuK";
const KAFKA_BROKERS = "127.0.0.1:9092";
const MONGODB_URI = "mongodb://127.0.0.1:27017/foresight?replicaSet=rs0";
const REDIS_URL = "redis://127.0.0.1:6379";
const BOTH = { KAFKA_BROKERS, MONGODB_URI, NEXTAUTH_SECRET: SECRET };

describe("what is chosen by the addresses of servers", () => {
  it("is the data directory where none is named", () => {
    const config = readConfig({}, {});
    expect(config.servers).toBeUndefined();
    expect(config.roles).toEqual(["web", "processor"]);
  });

  it("is Kafka and MongoDB, and Redis where it is named too", () => {
    expect(readConfig({}, BOTH).servers).toEqual({
      kafka: { brokers: ["127.0.0.1:9092"] },
      mongodb_uri: MONGODB_URI,
    });
    expect(readConfig({}, { ...BOTH, REDIS_URL }).servers?.redis_url).toBe(REDIS_URL);
  });

  it.each([
    [{ KAFKA_BROKERS }, /KAFKA_BROKERS is set without MONGODB_URI/],
    [{ MONGODB_URI }, /MONGODB_URI is set without KAFKA_BROKERS/],
    [{ REDIS_URL }, /REDIS_URL .* needs KAFKA_BROKERS and MONGODB_URI/],
    [{ KAFKA_BROKERS, REDIS_URL }, /without MONGODB_URI/],
    [{ MONGODB_URI, REDIS_URL }, /without KAFKA_BROKERS/],
    [{ ROLES: "web" }, /ROLES can be split only with/],
    [{ ...BOTH, ROLES: "web,cook" }, /"cook" is no role/],
    [{ ...BOTH, KAFKA_BROKERS: "kafka" }, /expected host:port/],
    [{ ...BOTH, MONGODB_URI: "localhost" }, /MONGODB_URI is not usable/],
    [{ ...BOTH, REDIS_URL: "localhost:6379" }, /REDIS_URL is not usable/],
    [{ ...BOTH, KAFKA_SASL_USERNAME: "app" }, /go together/],
    [{ ...BOTH, KAFKA_SSL: "yes" }, /KAFKA_SSL/],
  ])("refuses %j with a sentence", (environment, sentence) => {
    expect(() => readConfig({}, environment)).toThrow(sentence);
  });

  it("[bad input 69] wants a secret that all instances share, of those that serve people", () => {
    expect(() => readConfig({}, { KAFKA_BROKERS, MONGODB_URI })).toThrow(/NEXTAUTH_SECRET .*instances share/);
    expect(readConfig({}, { KAFKA_BROKERS, MONGODB_URI, ROLES: "processor", HOST: "0.0.0.0" }).roles).toEqual(
      ["processor"],
    );
  });

  it("reads several brokers, TLS and SASL", () => {
    const { servers } = readConfig(
      {},
      {
        ...BOTH,
        KAFKA_BROKERS: "a:9092, [::1]:9093",
        KAFKA_SSL: "true",
        KAFKA_SASL_USERNAME: "app",
        KAFKA_SASL_PASSWORD: "of the app",
        KAFKA_SASL_MECHANISM: "scram-sha-512",
        KAFKA_PARTITIONS: "12",
        KAFKA_REPLICATION: "3",
        KAFKA_TOPIC_PREFIX: "plant.",
      },
    );
    expect(servers?.kafka).toEqual({
      brokers: ["a:9092", "[::1]:9093"],
      ssl: true,
      sasl: { mechanism: "scram-sha-512", username: "app", password: "of the app" },
      partitions: 12,
      replication: 3,
      topic_prefix: "plant.",
    });
  });
});

describe("secrets in files", () => {
  const folder = mkdtempSync(join(tmpdir(), "foresight-secrets-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "secret");
  writeFileSync(file, `${SECRET}\n`);

  it("are read by NAME_FILE, without the line's end", () => {
    const { NEXTAUTH_SECRET: _, ...rest } = BOTH;
    expect(readConfig({}, { ...rest, NEXTAUTH_SECRET_FILE: file }).secret).toBe(SECRET);
  });

  it("are refused where the file is missing or the value is given twice", () => {
    expect(() => readConfig({}, { NEXTAUTH_SECRET_FILE: join(folder, "none") })).toThrow(
      /NEXTAUTH_SECRET_FILE.*ENOENT/,
    );
    expect(() => readConfig({}, { ...BOTH, NEXTAUTH_SECRET_FILE: file })).toThrow(/both set/);
  });
});

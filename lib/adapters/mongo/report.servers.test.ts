import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { type TestDatabase, testDatabase } from "../../testing/mongo-database.ts";
import { mongoReport } from "./report.ts";

const { MONGODB_URI } = inject("services");
let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase(MONGODB_URI);
});
afterEach(() => database.dispose());

const of = async (uri: string) => Object.fromEntries((await mongoReport(uri)).map((one) => [one.part, one]));

describe("the report on MongoDB", () => {
  it("tells versions, change streams and that every index is there", async () => {
    await database.open();
    const report = await of(database.uri);
    expect(report.mongodb).toMatchObject({ ok: true, found: expect.stringMatching(/^version \d/) });
    expect(report["mongodb change streams"]).toMatchObject({ found: expect.stringContaining("pushed") });
    expect(report["mongodb indexes"]).toMatchObject({ ok: true, found: "all there" });
  });

  it("names the indexes that are missing", async () => {
    await database.open();
    await database.collections.alert_events.dropIndex("tenant_id_1_seq_1");
    expect((await of(database.uri))["mongodb indexes"]).toMatchObject({
      ok: false,
      found: "missing: alert_events (tenant_id, seq)",
    });
  });

  it("tells that nothing answers, and no password", async () => {
    const { mongodb } = await of("mongodb://anna:secret-1@127.0.0.1:1/x?serverSelectionTimeoutMS=200");
    expect(mongodb!.ok).toBe(false);
    expect(JSON.stringify(mongodb)).not.toContain("secret-1");
  });

  it("of an address that is none says what one looks like", async () => {
    expect((await of("postgres://localhost")).mongodb).toMatchObject({
      ok: false,
      found: expect.stringContaining("mongodb://localhost:27017/foresight"),
    });
  });
});

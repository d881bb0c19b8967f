import type { CommandStartedEvent, Document } from "mongodb";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { commandsOf, type TestDatabase, testDatabase } from "../../testing/mongo-database.ts";
import { LOG, raise, reading, score, series, T0, TENANT } from "../../testing/store/harness.ts";
import { INDEXES } from "./schema.ts";
import type { MongoStore } from "./store.ts";

const { MONGODB_URI } = inject("services");
const SENSOR = { asset_id: "PUMP-001", sensor_id: "PUMP-001-TEMP" };
/** Lists of everything there is: few documents by nature, read by commands of the house alone. */
const LISTED_WHOLE = new Set(["tenants", "users", "alert_heads", "alerts_inbox"]);
const READS = new Set(["find", "aggregate", "count", "update", "delete", "findAndModify"]);

let database: TestDatabase;
let store: MongoStore;
beforeEach(async () => {
  database = await testDatabase(MONGODB_URI);
  store = await database.open({ sizes: { tail: 3, chunk: 4, fan: 2 } });
});
afterEach(() => database.dispose());

/** Every call of the store's port at least once. */
async function everything(): Promise<void> {
  await store.addTenant({ tenant_id: TENANT, name: "North", created_at: T0 }, []);
  const user = {
    username: "anna",
    tenant_id: TENANT,
    role: "admin" as const,
    password_hash: "x",
    disabled: false,
  };
  await store.addUser({ ...user, created_at: T0 });
  await store.updateUser("anna", { role: "viewer" }, T0);
  await Promise.all([
    store.tenants(),
    store.tenant(TENANT),
    store.users(),
    store.users(TENANT),
    store.user("anna"),
  ]);
  const token = { name: "t", role: "ingest" as const, created_by: "anna", revoked: false };
  await store.addToken({ jti: "t", tenant_id: TENANT, ...token, created_at: T0, expires_at: T0 + 1 });
  await store.tokens(TENANT);
  await store.revokeToken(TENANT, "t", T0);
  await store.addSession({ session_id: "s", username: "anna", tenant_id: TENANT, expires_at: T0 + 1_000 });
  await store.revokedCredentials(["s", "t"], T0);
  await store.revokeSession("s", T0);
  const condition = { kind: "above" as const, limit: 1 };
  const rule = { id: "r", title: "R", sensor_type: "t", severity: "info" as const, enabled: true };
  await store.putRule(TENANT, { ...rule, condition, hysteresis: 0, delay_s: 0 });
  await store.rules(TENANT);
  await store.deleteRule(TENANT, "r");
  await store.putModel(TENANT, { asset_type: "pump", model_id: "m", installed_at: T0, file: "{}" });
  await store.models(TENANT);
  await store.deleteModel(TENANT, "pump");
  await store.giveDefaults(TENANT, { keys: ["rule/r"], rules: [], models: [] });
  await store.givenDefaults(TENANT);
  await store.configVersion();
  await store.putUpload({ id: "u", tenant_id: TENANT, started_at: T0, rejects: [] } as never);
  await Promise.all([store.upload(TENANT, "u"), store.uploads(TENANT, 10)]);

  await store.processorPosition(LOG);
  const given = series(Array.from({ length: 100 }, (_, i) => i));
  const commit = (readings: typeof given, from_offset: number) =>
    store.commit({
      partition: 0,
      from_offset,
      next_offset: from_offset + readings.length,
      readings: [{ tenant_id: TENANT, received_at: T0, readings }],
      commands: [{ tenant_id: TENANT, commands: [raise(`a${from_offset}`, { rule_id: `r${from_offset}` })] }],
      health: [0, 1, 2].map((i) =>
        score({ source_offset: from_offset + i, timestamp: T0 + (from_offset + i) * 1_000 }),
      ),
      state: [{ tenant_id: TENANT, asset_id: "PUMP-001", state: new Uint8Array(1) }],
    });
  await commit(given.slice(0, 60), 0);
  await commit([...given.slice(60), ...given.slice(0, 3)], 60);
  await commit([reading({ timestamp: T0 + 1, asset_type: "fan" })], 103);
  await store.loadState(TENANT);
  await store.setAssetType(TENANT, "PUMP-001", "compressor");
  await Promise.all([store.assets(TENANT), store.asset(TENANT, "PUMP-001"), store.stats(TENANT)]);
  await store.history(TENANT, SENSOR);
  await store.history(TENANT, { ...SENSOR, from: T0 + 5, max_points: 4 });
  await store.page(TENANT, { ...SENSOR, limit: 10 });
  await store.healthHistory(TENANT, { asset_id: "PUMP-001" });
  await store.healthHistory(TENANT, { asset_id: "PUMP-001", max_points: 2 });
  const acknowledge = { kind: "acknowledge" as const, event_id: "k", at: T0, by: "anna", alert_id: "a0" };
  await store.execute(TENANT, [acknowledge]);
  await store.alerts(TENANT, { limit: 2 });
  await store.alerts(TENANT, { limit: 2, after: "a60", asset_id: "PUMP-001", from: T0, to: T0 + 1_000 });
  await store.alerts(TENANT, { limit: 2, state: ["open"], severity: ["warning"] });
  await store.alert(TENANT, "a0");
  await store.alertEvents(TENANT, 0, 10);
  await Promise.all([store.lastAlertSeq(TENANT), store.alertLogId(), store.snapshot(TENANT)]);
}

interface Asked {
  command: string;
  collection: string;
  filter: Document;
  sort: Document;
}

function asked({ commandName, command }: CommandStartedEvent): Asked[] {
  const collection = String(command[commandName]);
  const of = (filter: Document, sort: Document = {}) => ({ command: commandName, collection, filter, sort });
  switch (commandName) {
    case "find":
      return [of(command.filter ?? {}, command.sort)];
    case "count":
    case "findAndModify":
      return [of(command.query ?? {}, command.sort)];
    case "aggregate":
      return [of(command.pipeline[0]?.$match ?? {})];
    case "update":
      return command.updates.map((update: Document) => of(update.q));
    default:
      return command.deletes.map((one: Document) => of(one.q));
  }
}

const isEquality = (condition: unknown) =>
  typeof condition !== "object" ||
  condition === null ||
  !Object.keys(condition).some((key) => key.startsWith("$"));

/** Whether an index finds what a filter asks for: its fields lead the index, the last of them may be a range. */
function served({ collection, filter, sort }: Asked): boolean {
  if (Object.hasOwn(filter, "_id")) return true;
  const sorted = Object.keys(sort);
  if (Object.keys(filter).length === 0)
    return LISTED_WHOLE.has(collection) && sorted.every((field) => field === "_id");
  const keys = INDEXES.filter((index) => index.collection === collection).map(({ key }) => Object.keys(key));
  return keys.some((fields) => {
    let led = 0;
    while (led < fields.length && isEquality(filter[fields[led]!]) && Object.hasOwn(filter, fields[led]!))
      led++;
    // A tenant's name alone leads to what is the tenant's; the order asked for goes on where the equalities end.
    if (led === 0) return false;
    const rest = sorted.filter((field) => !fields.slice(0, led).includes(field));
    return rest.every((field, i) => fields[led + i] === field);
  });
}

describe("what the store asks of MongoDB", () => {
  it("is always led by an index: no filter and no order makes it read a whole collection", async () => {
    const commands = commandsOf(store);
    await everything();
    const all = commands.filter(({ commandName }) => READS.has(commandName)).flatMap(asked);
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter((one) => !served(one))).toEqual([]);
    const known = new Set(all.map(({ collection }) => collection));
    for (const { collection } of INDEXES)
      if (!["alerts_quarantine", "alerts_inbox"].includes(collection)) expect(known).toContain(collection);
  });

  it("asks for the majority's word, for reading and for writing", async () => {
    const commands = commandsOf(store);
    await everything();
    const writes = commands.filter(({ commandName }) =>
      ["insert", "update", "delete", "findAndModify"].includes(commandName),
    );
    expect(writes.length).toBeGreaterThan(20);
    for (const { command } of writes) expect(command.writeConcern).toMatchObject({ w: "majority", j: true });
    const finds = commands.filter(({ commandName }) => commandName === "find");
    for (const { command } of finds) expect(command.readConcern).toEqual({ level: "majority" });
    expect(store.client().options).toMatchObject({ retryWrites: true, retryReads: true });
  });

  it("is answered from an index by a real MongoDB's own account (explain)", async () => {
    const hello = await database.client
      .db()
      .admin()
      .command({ hello: 1 })
      .catch(() => undefined);
    const real = hello !== undefined && (hello.setName !== undefined || hello.msg === "isdbgrid");
    const commands = commandsOf(store);
    await everything();
    const finds = commands.filter(({ commandName }) => commandName === "find");
    if (!real) {
      // A compatible server has no `explain`; the test before this one says what the indexes lead to.
      expect(finds.length).toBeGreaterThan(20);
      return;
    }
    for (const { command } of finds) {
      const { filter, sort, find } = command;
      if (LISTED_WHOLE.has(String(find))) continue;
      const plan = await database.client.db().command({ explain: { find, filter, ...(sort && { sort }) } });
      expect(
        JSON.stringify(plan.queryPlanner.winningPlan),
        `${find} ${JSON.stringify(filter)}`,
      ).not.toContain("COLLSCAN");
    }
  });
});

import { beforeEach, describe, expect, it } from "vitest";
import type { Tenant, TokenRecord, Upload, User } from "../../domain/account.ts";
import { type Rule, ruleSchema } from "../../domain/rule.ts";
import { OTHER, type StoreTests, T0, TENANT } from "./harness.ts";

const tenant = (tenant_id: string): Tenant => ({ tenant_id, name: `Plant ${tenant_id}`, created_at: T0 });
const rule = (id: string): Rule =>
  ruleSchema.parse({
    id,
    title: "Too hot",
    sensor_type: "temperature",
    severity: "warning",
    condition: { kind: "above", limit: 90 },
    unit: "celsius",
  });
const user = (over: Partial<User> = {}): User => ({
  username: "Anna",
  tenant_id: TENANT,
  role: "operator",
  password_hash: "$argon2id$1",
  disabled: false,
  created_at: T0,
  ...over,
});
const token = (over: Partial<TokenRecord> = {}): TokenRecord => ({
  jti: "token-1",
  tenant_id: TENANT,
  name: "gateway",
  role: "ingest",
  created_by: "Anna",
  created_at: T0,
  expires_at: T0 + 3_600_000,
  revoked: false,
  ...over,
});
const upload = (over: Partial<Upload> = {}): Upload => ({
  id: "upload-1",
  tenant_id: TENANT,
  file_name: "plant.csv",
  by: "Anna",
  state: "running",
  bytes: 1_000,
  bytes_read: 10,
  accepted: 1,
  duplicates: 0,
  rejected: 1,
  rejects: [{ line: 3, reason: "value: expected a number", text: "x" }],
  started_at: T0,
  ...over,
});

export const accountTests: StoreTests = (use) => {
  describe("accounts", () => {
    beforeEach(async () => {
      const { store } = use();
      await store.addTenant(tenant(TENANT), [rule("hot")]);
      await store.addTenant(tenant(OTHER), []);
    });

    it("have tenants, each with the rules it was given, once", async () => {
      const { store } = use();
      expect(await store.tenants()).toEqual([tenant(TENANT), tenant(OTHER)]);
      expect(await store.tenant(TENANT)).toEqual(tenant(TENANT));
      expect(await store.tenant("none")).toBeUndefined();
      expect(await store.rules(TENANT)).toEqual([rule("hot")]);
      await expect(store.addTenant(tenant(TENANT), [])).rejects.toMatchObject({ code: "conflict" });
    });

    it("have users whose names are the same without case", async () => {
      const { store } = use();
      await store.addUser(user());
      await store.addUser(user({ username: "ben", tenant_id: OTHER }));
      expect(await store.user("aNNA")).toEqual(user());
      expect(await store.user("none")).toBeUndefined();
      expect(await store.users(TENANT)).toEqual([user()]);
      expect(await store.users()).toHaveLength(2);
      await expect(store.addUser(user({ username: "ANNA", tenant_id: OTHER }))).rejects.toMatchObject({
        code: "conflict",
      });
      await expect(store.addUser(user({ username: "eve", tenant_id: "none" }))).rejects.toMatchObject({
        code: "not_found",
      });
    });

    it("let sessions count until they expire or are revoked", async () => {
      const { store } = use();
      await store.addUser(user());
      const session = { username: "anna", tenant_id: TENANT, expires_at: T0 + 60_000 };
      for (const session_id of ["s1", "s2"]) await store.addSession({ session_id, ...session });
      await store.revokeSession("s2", T0);
      expect(await store.revokedCredentials(["s1", "s2", "unknown"], T0)).toEqual(new Set(["s2", "unknown"]));
      expect(await store.revokedCredentials(["s1"], T0 + 60_000)).toEqual(new Set(["s1"]));
      expect(await store.revokedCredentials([], T0)).toEqual(new Set());
    });

    it.each([
      ["password", { password_hash: "$argon2id$2" }],
      ["role", { role: "viewer" as const }],
      ["right to sign in", { disabled: true }],
    ])("end a user's sessions when the %s changes", async (_, change) => {
      const { store } = use();
      await store.addUser(user());
      await store.addUser(user({ username: "ben" }));
      const session = { tenant_id: TENANT, expires_at: T0 + 60_000 };
      await store.addSession({ session_id: "s1", username: "anna", ...session });
      await store.addSession({ session_id: "s2", username: "ben", ...session });
      await store.updateUser("ANNA", change, T0);
      expect(await store.user("anna")).toEqual(user(change));
      expect(await store.revokedCredentials(["s1", "s2"], T0)).toEqual(new Set(["s1"]));
    });

    it("leave sessions alone where nothing of a user changes, and know nobody they were not told of", async () => {
      const { store } = use();
      await store.addUser(user());
      const session = { session_id: "s1", username: "anna", tenant_id: TENANT, expires_at: T0 + 60_000 };
      await store.addSession(session);
      await store.updateUser("anna", { role: "operator" }, T0);
      expect(await store.revokedCredentials(["s1"], T0)).toEqual(new Set());
      await expect(store.updateUser("none", { disabled: true }, T0)).rejects.toMatchObject({
        code: "not_found",
      });
    });

    it("let tokens count until they expire or their tenant revokes them", async () => {
      const { store } = use();
      await store.addToken(token());
      await store.addToken(token({ jti: "token-2", created_at: T0 + 1, expires_at: T0 + 10 }));
      expect((await store.tokens(TENANT)).map(({ jti }) => jti)).toEqual(["token-2", "token-1"]);
      expect(await store.tokens(OTHER)).toEqual([]);
      expect(await store.revokedCredentials(["token-1", "token-2"], T0 + 10)).toEqual(new Set(["token-2"]));
      expect(await store.revokeToken(OTHER, "token-1", T0)).toBe(false);
      expect(await store.revokedCredentials(["token-1"], T0)).toEqual(new Set());
      expect(await store.revokeToken(TENANT, "token-1", T0)).toBe(true);
      expect(await store.revokedCredentials(["token-1"], T0)).toEqual(new Set(["token-1"]));
      expect((await store.tokens(TENANT))[1]).toEqual(token({ revoked: true }));
    });

    it("count from the moment another store has changed them", async () => {
      const { store, another } = use();
      const beside = await another();
      await beside.addUser(user());
      await beside.addToken(token());
      expect(await store.user("anna")).toEqual(user());
      await beside.revokeToken(TENANT, "token-1", T0);
      expect(await store.revokedCredentials(["token-1"], T0)).toEqual(new Set(["token-1"]));
    });
  });

  describe("rules", () => {
    it("are put, replaced and deleted, each time with a new configuration version", async () => {
      const { store } = use();
      const versions = [await store.configVersion()];
      await store.putRule(TENANT, rule("hot"));
      versions.push(await store.configVersion());
      await store.putRule(TENANT, { ...rule("hot"), enabled: false });
      versions.push(await store.configVersion());
      expect(await store.rules(TENANT)).toEqual([{ ...rule("hot"), enabled: false }]);
      expect(await store.rules(OTHER)).toEqual([]);
      expect(await store.deleteRule(OTHER, "hot")).toBe(false);
      expect(await store.deleteRule(TENANT, "hot")).toBe(true);
      versions.push(await store.configVersion());
      expect(await store.deleteRule(TENANT, "hot")).toBe(false);
      expect(new Set(versions).size).toBe(4);
      expect(await store.configVersion()).toBe(versions[3]);
    });
  });

  describe("uploads", () => {
    it("are kept as they go on, newest first, each tenant its own", async () => {
      const { store } = use();
      await store.putUpload(upload());
      await store.putUpload(upload({ id: "upload-2", started_at: T0 + 1_000 }));
      const done = upload({ state: "done", accepted: 9, finished_at: T0 + 2_000 });
      await store.putUpload(done);
      expect(await store.upload(TENANT, "upload-1")).toEqual(done);
      expect((await store.uploads(TENANT, 10)).map(({ id }) => id)).toEqual(["upload-2", "upload-1"]);
      expect(await store.uploads(TENANT, 1)).toHaveLength(1);
      expect(await store.upload(OTHER, "upload-1")).toBeUndefined();
      expect(await store.uploads(OTHER, 10)).toEqual([]);
    });
  });
};

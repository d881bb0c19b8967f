import type { Tenant, TokenRecord, User } from "../../domain/account.ts";
import { ForesightError } from "../../domain/errors.ts";
import type { Rule } from "../../domain/rule.ts";
import type { AccountStore } from "../../ports/store.ts";
import type { SqliteDatabase } from "./sqlite.ts";

type Stored<T, K extends keyof T> = Omit<T, K> & { [key in K]: number };

/** Names are the same without case. */
const nameKey = (username: string) => username.normalize("NFC").toLowerCase();
/** A session that ended so long ago is nobody's any more. */
const SESSION_KEPT_MS = 90 * 24 * 3_600_000;

/** @param giveFirst gives a new tenant its rules within the transaction. @param changed called after rules were written */
export function createAccountStore(
  db: SqliteDatabase,
  giveFirst: (tenant_id: string, rules: readonly Rule[]) => void,
  changed: () => void,
): AccountStore {
  const selectTenants = db.prepare<Tenant>(
    "SELECT tenant_id, name, created_at FROM tenant ORDER BY tenant_id",
  );
  const selectTenant = db.prepare<Tenant>(
    "SELECT tenant_id, name, created_at FROM tenant WHERE tenant_id = ?",
  );
  const insertTenant = db.prepare("INSERT INTO tenant (tenant_id, name, created_at) VALUES (?, ?, ?)");

  const USER = "username, tenant_id, role, password_hash, disabled, created_at";
  const selectUsers = db.prepare<Stored<User, "disabled">>(
    `SELECT ${USER} FROM user WHERE ?1 IS NULL OR tenant_id = ?1 ORDER BY name_key`,
  );
  const selectUser = db.prepare<Stored<User, "disabled">>(`SELECT ${USER} FROM user WHERE name_key = ?`);
  const insertUser = db.prepare(`INSERT INTO user (name_key, ${USER}) VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const updateUser = db.prepare(
    "UPDATE user SET role = ?, password_hash = ?, disabled = ? WHERE name_key = ?",
  );

  const TOKEN = "jti, tenant_id, name, role, created_by, created_at, expires_at, revoked";
  const selectTokens = db.prepare<Stored<TokenRecord, "revoked">>(
    `SELECT ${TOKEN} FROM token WHERE tenant_id = ? ORDER BY created_at DESC, jti`,
  );
  const insertToken = db.prepare(`INSERT INTO token (${TOKEN}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const revokeToken = db.prepare("UPDATE token SET revoked = 1 WHERE tenant_id = ? AND jti = ?");

  const insertSession = db.prepare(
    "INSERT INTO session (session_id, name_key, tenant_id, expires_at) VALUES (?, ?, ?, ?)",
  );
  const forgetSessions = db.prepare("DELETE FROM session WHERE expires_at < ?");
  const revokeSession = db.prepare(
    "UPDATE session SET revoked_at = ? WHERE session_id = ? AND revoked_at IS NULL",
  );
  const revokeSessionsOf = db.prepare(
    "UPDATE session SET revoked_at = ? WHERE name_key = ? AND revoked_at IS NULL",
  );
  const selectValid = db.prepare<{ id: string }>(
    `SELECT s.session_id AS id FROM json_each(?1) AS asked
       JOIN session s ON s.session_id = asked.value JOIN user u ON u.name_key = s.name_key
       WHERE s.revoked_at IS NULL AND s.expires_at > ?2 AND u.disabled = 0
     UNION ALL
     SELECT t.jti FROM json_each(?1) AS asked JOIN token t ON t.jti = asked.value
       WHERE t.revoked = 0 AND t.expires_at > ?2`,
  );

  const userOf = (row: Stored<User, "disabled">): User => ({ ...row, disabled: row.disabled === 1 });

  return {
    async tenants() {
      return selectTenants.all();
    },
    async tenant(tenant_id) {
      return selectTenant.get(tenant_id);
    },
    async addTenant({ tenant_id, name, created_at }, rules) {
      db.transaction(() => {
        if (selectTenant.get(tenant_id) !== undefined)
          throw new ForesightError("conflict", `There is a tenant ${tenant_id} already.`);
        insertTenant.run(tenant_id, name, created_at);
        giveFirst(tenant_id, rules);
      });
      changed();
    },

    async users(tenant_id) {
      return selectUsers.all(tenant_id ?? null).map(userOf);
    },
    async user(username) {
      const row = selectUser.get(nameKey(username));
      return row && userOf(row);
    },
    async addUser(user) {
      db.transaction(() => {
        if (selectTenant.get(user.tenant_id) === undefined)
          throw new ForesightError("not_found", `There is no tenant ${user.tenant_id}.`);
        if (selectUser.get(nameKey(user.username)) !== undefined)
          throw new ForesightError("conflict", `The name ${user.username} is taken.`);
        insertUser.run(
          nameKey(user.username),
          user.username,
          user.tenant_id,
          user.role,
          user.password_hash,
          user.disabled ? 1 : 0,
          user.created_at,
        );
      });
    },
    async updateUser(username, change, now) {
      db.transaction(() => {
        const key = nameKey(username);
        const row = selectUser.get(key);
        if (row === undefined) throw new ForesightError("not_found", `There is no user ${username}.`);
        const { role, password_hash, disabled } = { ...userOf(row), ...change };
        updateUser.run(role, password_hash, disabled ? 1 : 0, key);
        if (role !== row.role || password_hash !== row.password_hash || disabled !== (row.disabled === 1))
          revokeSessionsOf.run(now, key);
      });
    },

    async addToken(record) {
      insertToken.run(
        record.jti,
        record.tenant_id,
        record.name,
        record.role,
        record.created_by,
        record.created_at,
        record.expires_at,
        record.revoked ? 1 : 0,
      );
    },
    async tokens(tenant_id) {
      return selectTokens.all(tenant_id).map((row) => ({ ...row, revoked: row.revoked === 1 }));
    },
    async revokeToken(tenant_id, jti) {
      return revokeToken.run(tenant_id, jti).changes > 0;
    },

    async addSession({ session_id, username, tenant_id, expires_at }) {
      db.transaction(() => {
        insertSession.run(session_id, nameKey(username), tenant_id, expires_at);
        forgetSessions.run(expires_at - SESSION_KEPT_MS);
      });
    },
    async revokeSession(session_id, now) {
      revokeSession.run(now, session_id);
    },
    async revokedCredentials(credential_ids, now) {
      const revoked = new Set(credential_ids);
      if (revoked.size > 0)
        for (const { id } of selectValid.all(JSON.stringify([...revoked]), now)) revoked.delete(id);
      return revoked;
    },
  };
}

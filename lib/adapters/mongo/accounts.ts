import type { Tenant, TokenRecord, User } from "../../domain/account.ts";
import { ForesightError } from "../../domain/errors.ts";
import type { Role } from "../../domain/identity.ts";
import type { AccountStore } from "../../ports/store.ts";
import type { Collections, TenantDoc, TokenDoc, UserDoc } from "./collections.ts";
import type { DefaultsParts } from "./defaults.ts";
import { isDuplicateKey } from "./errors.ts";

/** Names are the same without case. */
export const nameKey = (username: string) => username.normalize("NFC").toLowerCase();
/** MongoDB removes a session so long after its end. */
const SESSION_KEPT_MS = 24 * 3_600_000;

const tenantOf = ({ _id, given: _, ...tenant }: TenantDoc): Tenant => ({ tenant_id: _id, ...tenant });
const userOf = ({ username, tenant_id, role, password_hash, disabled, created_at }: UserDoc): User => ({
  username,
  tenant_id,
  role: role as Role,
  password_hash,
  disabled,
  created_at,
});
const tokenOf = ({ _id, ...token }: TokenDoc): TokenRecord => ({
  jti: _id,
  ...token,
  role: token.role as Role,
});

/** @param giveFirst gives a new tenant its rules: before the tenant, which is there only when all of it is */
export function createAccountStore(
  { tenants, users, tokens, sessions }: Collections,
  giveFirst: DefaultsParts["giveFirst"],
): AccountStore {
  return {
    async tenants() {
      return (await tenants.find().sort({ _id: 1 }).toArray()).map(tenantOf);
    },
    async tenant(tenant_id) {
      const doc = await tenants.findOne({ _id: tenant_id });
      return doc === null ? undefined : tenantOf(doc);
    },
    async addTenant({ tenant_id, ...tenant }, rules) {
      const exists = new ForesightError("conflict", `There is a tenant ${tenant_id} already.`);
      if ((await tenants.findOne({ _id: tenant_id })) !== null) throw exists;
      const given = await giveFirst(tenant_id, rules);
      try {
        await tenants.insertOne({ _id: tenant_id, ...tenant, given });
      } catch (error) {
        throw isDuplicateKey(error) ? exists : error;
      }
    },

    async users(tenant_id) {
      const filter = tenant_id === undefined ? {} : { tenant_id };
      return (await users.find(filter).sort({ _id: 1 }).toArray()).map(userOf);
    },
    async user(username) {
      const doc = await users.findOne({ _id: nameKey(username) });
      return doc === null ? undefined : userOf(doc);
    },
    async addUser(user) {
      if ((await tenants.findOne({ _id: user.tenant_id })) === null)
        throw new ForesightError("not_found", `There is no tenant ${user.tenant_id}.`);
      try {
        await users.insertOne({ _id: nameKey(user.username), ...user, epoch: 0 });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        throw new ForesightError("conflict", `The name ${user.username} is taken.`);
      }
    },
    async updateUser(username, change) {
      const _id = nameKey(username);
      for (;;) {
        const doc = await users.findOne({ _id });
        if (doc === null) throw new ForesightError("not_found", `There is no user ${username}.`);
        const { role, password_hash, disabled } = { ...doc, ...change };
        if (role === doc.role && password_hash === doc.password_hash && disabled === doc.disabled) return;
        // The change and the end of the sessions are one write.
        const { matchedCount } = await users.updateOne(
          { _id, epoch: doc.epoch },
          { $set: { role, password_hash, disabled, epoch: doc.epoch + 1 } },
        );
        if (matchedCount > 0) return;
      }
    },

    async addToken({ jti, ...record }) {
      await tokens.insertOne({ _id: jti, ...record });
    },
    async tokens(tenant_id) {
      return (await tokens.find({ tenant_id }).sort({ created_at: -1, _id: 1 }).toArray()).map(tokenOf);
    },
    async revokeToken(tenant_id, jti) {
      const { matchedCount } = await tokens.updateOne({ _id: jti, tenant_id }, { $set: { revoked: true } });
      return matchedCount > 0;
    },

    async addSession({ session_id, username, tenant_id, expires_at }) {
      const name_key = nameKey(username);
      const user = await users.findOne({ _id: name_key }, { projection: { epoch: 1 } });
      await sessions.insertOne({
        _id: session_id,
        name_key,
        epoch: user?.epoch ?? 0,
        tenant_id,
        expires_at,
        forget_at: new Date(expires_at + SESSION_KEPT_MS),
      });
    },
    async revokeSession(session_id, now) {
      await sessions.updateOne(
        { _id: session_id, revoked_at: { $exists: false } },
        { $set: { revoked_at: now } },
      );
    },
    async revokedCredentials(credential_ids, now) {
      const revoked = new Set(credential_ids);
      if (revoked.size === 0) return revoked;
      const ids = [...revoked];
      const [found, minted] = await Promise.all([
        sessions.find({ _id: { $in: ids } }).toArray(),
        tokens.find({ _id: { $in: ids } }).toArray(),
      ]);
      for (const token of minted) if (!token.revoked && token.expires_at > now) revoked.delete(token._id);
      const valid = found.filter((session) => session.revoked_at === undefined && session.expires_at > now);
      if (valid.length > 0) {
        const names = [...new Set(valid.map(({ name_key }) => name_key))];
        const known = await users
          .find({ _id: { $in: names } }, { projection: { epoch: 1, disabled: 1 } })
          .toArray();
        const byName = new Map(known.map((user) => [user._id, user]));
        for (const { _id, name_key, epoch } of valid) {
          const user = byName.get(name_key);
          if (user !== undefined && !user.disabled && user.epoch === epoch) revoked.delete(_id);
        }
      }
      return revoked;
    },
  };
}

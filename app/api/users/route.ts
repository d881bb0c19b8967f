import { randomBytes } from "node:crypto";
import { hashPassword } from "../../../lib/auth/passwords.ts";
import { addUser, listUsers } from "../../_server/contracts/accounts.ts";
import { json, methods, route } from "../../_server/route.ts";
import { toWireUser } from "../../_server/wire.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(listUsers, async ({ app, principal }) =>
    json({ users: (await app.store.users(principal.tenant_id)).map(toWireUser) }),
  ),
  POST: route(addUser, async ({ app, principal: { tenant_id }, body: { username, role, password } }) => {
    const generated = password === undefined ? randomBytes(12).toString("base64url") : undefined;
    const user = {
      username,
      tenant_id,
      role,
      password_hash: await hashPassword(password ?? generated!),
      disabled: false,
      created_at: app.clock.now(),
    };
    await app.store.addUser(user);
    return json({ user: toWireUser(user), ...(generated !== undefined && { password: generated }) }, 201);
  }),
});

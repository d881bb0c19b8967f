import { hashPassword } from "../../../../lib/auth/passwords.ts";
import { ForesightError } from "../../../../lib/domain/errors.ts";
import { changeUser } from "../../../_server/contracts/accounts.ts";
import { json, methods, notFound, route } from "../../../_server/route.ts";
import { toWireUser } from "../../../_server/wire.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  PATCH: route(changeUser, async ({ app, principal, params, body: { password, role, disabled } }) => {
    const user = await app.store.user(params.username);
    if (user === undefined || user.tenant_id !== principal.tenant_id) throw notFound("user");
    if (user.username === principal.subject && (disabled === true || (role ?? user.role) !== user.role))
      throw new ForesightError(
        "conflict",
        "You cannot disable yourself or change your own role; another administrator can.",
      );
    const change = {
      ...(role !== undefined && { role }),
      ...(disabled !== undefined && { disabled }),
      ...(password !== undefined && { password_hash: await hashPassword(password) }),
    };
    await app.store.updateUser(user.username, change, app.clock.now());
    return json(toWireUser({ ...user, ...change }));
  }),
});

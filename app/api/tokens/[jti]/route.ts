import { revokeToken } from "../../../_server/contracts/accounts.ts";
import { methods, noContent, notFound, route } from "../../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  DELETE: route(revokeToken, async ({ app, principal, params }) => {
    if (!(await app.store.revokeToken(principal.tenant_id, params.jti, app.clock.now())))
      throw notFound("token");
    return noContent();
  }),
});

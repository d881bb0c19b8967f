import { issueToken } from "../../../lib/auth/tokens.ts";
import { createToken, listTokens } from "../../_server/contracts/accounts.ts";
import { json, methods, route } from "../../_server/route.ts";
import { toWireToken } from "../../_server/wire.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(listTokens, async ({ app, principal }) =>
    json({ tokens: (await app.store.tokens(principal.tenant_id)).map(toWireToken) }),
  ),
  POST: route(
    createToken,
    async ({ app, principal: { tenant_id, subject }, body: { name, role, ttl_s } }) => {
      const { token, record } = await issueToken(app, {
        tenant_id,
        role,
        name,
        ttl_ms: ttl_s * 1_000,
        by: subject,
      });
      return json({ token, record: toWireToken(record) }, 201);
    },
  ),
});

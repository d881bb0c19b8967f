import { listRules, saveRule } from "../../_server/contracts/rules.ts";
import { json, methods, route } from "../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(listRules, async ({ app, principal }) =>
    json({ rules: await app.store.rules(principal.tenant_id) }),
  ),
  PUT: route(saveRule, async ({ app, principal, body }) => {
    await app.store.putRule(principal.tenant_id, body);
    return json(body);
  }),
});

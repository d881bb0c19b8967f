import { ForesightError } from "../../../../lib/domain/errors.ts";
import { deleteRule, putRule } from "../../../_server/contracts/rules.ts";
import { json, methods, noContent, notFound, route } from "../../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  PUT: route(putRule, async ({ app, principal, params, body }) => {
    if (body.id !== params.id)
      throw new ForesightError("invalid_request", "The rule's id differs from that of the address.", {
        errors: [{ path: "id", message: `expected ${params.id}` }],
      });
    await app.store.putRule(principal.tenant_id, body);
    return json(body);
  }),
  DELETE: route(deleteRule, async ({ app, principal, params }) => {
    if (!(await app.store.deleteRule(principal.tenant_id, params.id))) throw notFound("rule");
    return noContent();
  }),
});

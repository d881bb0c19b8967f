import { formatTimestamp } from "../../../lib/domain/time.ts";
import { whoAmI } from "../../_server/contracts/accounts.ts";
import { json, methods, route } from "../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(whoAmI, async ({ principal: { tenant_id, role, subject, kind, expires_at } }) =>
    json({ tenant_id, role, subject, kind, expires_at: formatTimestamp(expires_at) }),
  ),
});

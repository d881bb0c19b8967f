import { mintTicket } from "../../../lib/auth/tickets.ts";
import { formatTimestamp } from "../../../lib/domain/time.ts";
import { mintTicket as contract } from "../../_server/contracts/accounts.ts";
import { json, methods, route } from "../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: route(contract, async ({ app, principal }) => {
    const { ticket, expires_at } = await mintTicket(app, principal);
    return json({ ticket, expires_at: formatTimestamp(expires_at) }, 201);
  }),
});

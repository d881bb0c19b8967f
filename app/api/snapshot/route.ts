import { getSnapshot } from "../../_server/contracts/system.ts";
import { json, methods, route } from "../../_server/route.ts";
import { sharedSnapshot } from "../../_server/snapshot.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(getSnapshot, async ({ app, principal }) => json(await sharedSnapshot(app, principal.tenant_id))),
});

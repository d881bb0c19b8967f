import { getSettings, putSettings } from "../../_server/contracts/settings.ts";
import { json, methods, route } from "../../_server/route.ts";
import { toWireSettings } from "../../_server/wire.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(getSettings, async ({ app, principal }) =>
    json(toWireSettings(await app.store.settings(principal.tenant_id))),
  ),
  PUT: route(putSettings, async ({ app, principal: { tenant_id, subject }, body }) => {
    const settings = { ...body, changed_at: app.clock.now(), changed_by: subject };
    await app.store.putSettings(tenant_id, settings);
    return json(toWireSettings(settings));
  }),
});

import { actOnAlert, eventIdOf } from "../../../../_server/alert-actions.ts";
import { acknowledgeAlert } from "../../../../_server/contracts/alerts.ts";
import { methods, route } from "../../../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: route(
    acknowledgeAlert,
    async ({ app, principal: { tenant_id, subject }, params: { id }, body, request }) =>
      actOnAlert(app, tenant_id, id, {
        kind: "acknowledge",
        event_id: eventIdOf(request, `acknowledge ${id}`),
        at: app.clock.now(),
        by: subject,
        alert_id: id,
        ...body,
      }),
  ),
});

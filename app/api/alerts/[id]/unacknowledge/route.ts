import { actOnAlert, eventIdOf } from "../../../../_server/alert-actions.ts";
import { unacknowledgeAlert } from "../../../../_server/contracts/alerts.ts";
import { methods, route } from "../../../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: route(
    unacknowledgeAlert,
    async ({ app, principal: { tenant_id, subject }, params: { id }, body, request }) =>
      actOnAlert(app, tenant_id, id, {
        kind: "unacknowledge",
        event_id: eventIdOf(request, `unacknowledge ${id}`),
        at: app.clock.now(),
        by: subject,
        alert_id: id,
        ...body,
      }),
  ),
});

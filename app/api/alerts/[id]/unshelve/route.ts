import { actOnAlert, eventIdOf } from "../../../../_server/alert-actions.ts";
import { unshelveAlert } from "../../../../_server/contracts/alerts.ts";
import { methods, route } from "../../../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: route(
    unshelveAlert,
    async ({ app, principal: { tenant_id, subject }, params: { id }, body, request }) =>
      actOnAlert(app, tenant_id, id, {
        kind: "unshelve",
        event_id: eventIdOf(request, `unshelve ${id}`),
        at: app.clock.now(),
        by: subject,
        alert_id: id,
        ...body,
      }),
  ),
});

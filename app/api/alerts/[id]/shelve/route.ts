import { ForesightError } from "../../../../../lib/domain/errors.ts";
import { actOnAlert, eventIdOf } from "../../../../_server/alert-actions.ts";
import { shelveAlert } from "../../../../_server/contracts/alerts.ts";
import { FURTHEST_SHELF_S } from "../../../../_server/limits.ts";
import { methods, route } from "../../../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: route(
    shelveAlert,
    async ({ app, principal: { tenant_id, subject }, params: { id }, body, request }) => {
      const { until: given, for_s = 0, ...rest } = body;
      const now = app.clock.now();
      const until = given ?? now + for_s * 1_000;
      if (until <= now || until > now + FURTHEST_SHELF_S * 1_000)
        throw new ForesightError(
          "invalid_request",
          "An alert is shelved until a time within the next 30 days.",
          {
            errors: [{ path: "until", message: "expected a time within the next 30 days" }],
          },
        );
      return actOnAlert(app, tenant_id, id, {
        kind: "shelve",
        event_id: eventIdOf(request, `shelve ${id}`),
        at: now,
        by: subject,
        alert_id: id,
        until,
        ...rest,
      });
    },
  ),
});

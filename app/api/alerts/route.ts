import { toWireAlert } from "../../../lib/protocol/wire.ts";
import { alertAnswer, eventIdOf } from "../../_server/alert-actions.ts";
import { listAlerts, raiseAlert } from "../../_server/contracts/alerts.ts";
import { json, methods, route } from "../../_server/route.ts";

const DEFAULT_LIMIT = 100;

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(listAlerts, async ({ app, principal, query }) => {
    const { limit = DEFAULT_LIMIT, ...filter } = query;
    const found = await app.store.alerts(principal.tenant_id, { ...filter, limit: limit + 1 });
    const alerts = found.slice(0, limit);
    return json({
      alerts: alerts.map(toWireAlert),
      ...(found.length > limit && { next: alerts.at(-1)!.id }),
    });
  }),

  POST: route(raiseAlert, async ({ app, principal: { tenant_id, subject }, body, request }) => {
    const { rule_id = `external:${body.title}`, timestamp, ...alert } = body;
    const now = app.clock.now();
    const event_id = eventIdOf(request, "raise");
    const events = await app.store.execute(tenant_id, [
      {
        ...alert,
        kind: "raise",
        event_id,
        at: now,
        by: subject,
        rule_id,
        timestamp: timestamp ?? now,
      },
    ]);
    // Nothing follows where the event is known: the alert that it opened has its id.
    return alertAnswer(app, tenant_id, events[0]?.alert_id ?? event_id, 201);
  }),
});

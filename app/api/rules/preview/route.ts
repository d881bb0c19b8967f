import { ForesightError } from "../../../../lib/domain/errors.ts";
import { canPreview } from "../../../../lib/domain/rule-preview.ts";
import { formatTimestamp } from "../../../../lib/domain/time.ts";
import { previewRuleContract } from "../../../_server/contracts/rules.ts";
import { json, methods, route } from "../../../_server/route.ts";
import { previewRule } from "../../../_server/rule-preview.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: route(previewRuleContract, async ({ app, principal: { tenant_id }, query, body, request }) => {
    if (!canPreview(body))
      throw new ForesightError(
        "invalid_request",
        "Rules of health and anomaly scores have no preview: they are judged as the scores come.",
        { errors: [{ path: "condition.kind", message: "expected a condition of readings" }] },
      );
    const { from, to, alerts, ...rest } = await previewRule(
      app.store,
      tenant_id,
      body,
      query.hours ?? 24,
      request.signal,
    );
    return json({
      from: formatTimestamp(from),
      to: formatTimestamp(to),
      ...rest,
      alerts: alerts.map(({ timestamp, ...alert }) => ({ ...alert, timestamp: formatTimestamp(timestamp) })),
    });
  }),
});

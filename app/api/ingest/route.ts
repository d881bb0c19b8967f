import { ingestReadings } from "../../_server/contracts/ingest.ts";
import { inflatedBody, ingestFormat } from "../../_server/ingest-body.ts";
import { json, methods, route } from "../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: route(ingestReadings, async ({ app, principal, request }) => {
    const idempotency_key = request.headers.get("idempotency-key") ?? undefined;
    const answer = await app.ingest.ingest(
      principal.tenant_id,
      inflatedBody(request),
      ingestFormat(request),
      idempotency_key === undefined ? {} : { idempotency_key },
    );
    return json(answer, 202);
  }),
});

import { getUpload } from "../../../_server/contracts/ingest.ts";
import { json, methods, notFound, route } from "../../../_server/route.ts";
import { toWireUpload } from "../../../_server/wire.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(getUpload, async ({ app, principal, params }) => {
    const upload = await app.uploads.get(principal.tenant_id, params.id);
    if (upload === undefined) throw notFound("upload");
    return json(toWireUpload(upload));
  }),
});

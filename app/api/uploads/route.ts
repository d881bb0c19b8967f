import { ForesightError } from "../../../lib/domain/errors.ts";
import { listUploads, uploadFile } from "../../_server/contracts/ingest.ts";
import { json, methods, route } from "../../_server/route.ts";
import { fileOf } from "../../_server/uploads.ts";
import { toWireUpload } from "../../_server/wire.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(listUploads, async ({ app, principal: { tenant_id }, query }) => {
    const stored = await app.store.uploads(tenant_id, query.limit ?? 20);
    // One that runs is known better by the service than by what was last saved of it.
    const uploads = await Promise.all(
      stored.map(async (upload) =>
        upload.state === "running" ? ((await app.uploads.get(tenant_id, upload.id)) ?? upload) : upload,
      ),
    );
    return json({ uploads: uploads.map(toWireUpload) });
  }),

  POST: route(uploadFile, async ({ app, principal: { tenant_id, subject }, request, query }) => {
    const { body, ...file } = await fileOf(request, query.file_name);
    const bytes = Number(request.headers.get("content-length") ?? 0);
    const { done } = app.uploads.start({ tenant_id, by: subject, bytes, ...file }, body);
    const upload = await done;
    if (upload.state === "done")
      return json(toWireUpload(upload), 201, { Location: `/api/uploads/${upload.id}` });
    const code = upload.state === "failed" ? "invalid_request" : "unavailable";
    throw new ForesightError(code, upload.error ?? "The file could not be read.");
  }),
});

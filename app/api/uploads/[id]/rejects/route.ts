import { downloadRejects } from "../../../../_server/contracts/ingest.ts";
import { attachment, streamed, textCell } from "../../../../_server/csv.ts";
import { methods, notFound, route } from "../../../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(downloadRejects, async ({ app, principal, params }) => {
    const upload = await app.uploads.get(principal.tenant_id, params.id);
    if (upload === undefined) throw notFound("upload");
    const lines = (async function* () {
      yield "line,reason,text\n";
      for (const { line, reason, text } of upload.rejects)
        yield `${line},${textCell(reason)},${textCell(text ?? "")}\n`;
    })();
    return streamed(lines, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": attachment(`rejects-${upload.file_name}`),
    });
  }),
});

import { unauthorized } from "../../lib/auth/tokens.ts";
import { metrics } from "../_server/contracts/system.ts";
import { mayInspect } from "../_server/inspection.ts";
import { API_HEADERS } from "../_server/problem.ts";
import { methods, openRoute } from "../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: openRoute(metrics, async (app, request) => {
    if (!(await mayInspect(app, request))) throw unauthorized();
    return new Response(await app.exposition(), {
      headers: { ...API_HEADERS, "Content-Type": "text/plain; version=0.0.4; charset=utf-8" },
    });
  }),
});

import { unauthorized } from "../../lib/auth/tokens.ts";
import { metrics } from "../_server/contracts/system.ts";
import { inspector } from "../_server/inspection.ts";
import { API_HEADERS } from "../_server/problem.ts";
import { methods, openRoute } from "../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: openRoute(metrics, async (app, request) => {
    const who = await inspector(app, request);
    if (who === undefined) throw unauthorized();
    const text = await app.exposition();
    return new Response(who === "machine" ? text : withoutOtherTenants(text, who.tenant_id), {
      headers: { ...API_HEADERS, "Content-Type": "text/plain; version=0.0.4; charset=utf-8" },
    });
  }),
});

/** Drops the series that are labelled with another tenant: its name is already more than one may know. */
function withoutOtherTenants(exposition: string, tenant_id: string): string {
  const own = `tenant_id=${JSON.stringify(tenant_id)}`;
  return exposition
    .split("\n")
    .filter((line) => line.startsWith("#") || !line.includes('tenant_id="') || line.includes(own))
    .join("\n");
}

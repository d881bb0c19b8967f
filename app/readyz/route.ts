import { readyz } from "../_server/contracts/system.ts";
import { inspector } from "../_server/inspection.ts";
import { json, methods, openRoute } from "../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: openRoute(readyz, async (app, request) => {
    const { ready, parts } = await app.readiness();
    const told = (await inspector(app, request)) !== undefined;
    return json({ ready, ...(told && { parts }) }, ready ? 200 : 503);
  }),
});

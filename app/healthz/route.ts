import { healthz } from "../_server/contracts/system.ts";
import { json, methods, openRoute } from "../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: openRoute(healthz, async () => json({ status: "ok" })),
});

import { toWireHealth } from "../../../../../lib/protocol/wire.ts";
import { readHealth } from "../../../../_server/contracts/assets.ts";
import { json, methods, notFound, route } from "../../../../_server/route.ts";

const DEFAULT_POINTS = 1_000;

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(readHealth, async ({ app, principal: { tenant_id }, params: { asset_id }, query }) => {
    if ((await app.store.asset(tenant_id, asset_id)) === undefined) throw notFound("asset");
    const scores = await app.store.healthHistory(tenant_id, {
      asset_id,
      ...query,
      max_points: query.max_points ?? DEFAULT_POINTS,
    });
    return json({ asset_id, health: scores.map(toWireHealth) });
  }),
});

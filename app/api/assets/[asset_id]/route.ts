import { toWireAsset } from "../../../../lib/protocol/wire.ts";
import type { App } from "../../../../lib/runtime/handle.ts";
import { changeAsset, getAsset } from "../../../_server/contracts/assets.ts";
import { json, methods, notFound, route } from "../../../_server/route.ts";

async function find(app: App, tenant_id: string, asset_id: string) {
  const asset = await app.store.asset(tenant_id, asset_id);
  if (asset === undefined) throw notFound("asset");
  return toWireAsset(asset);
}

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(getAsset, async ({ app, principal, params }) =>
    json(await find(app, principal.tenant_id, params.asset_id)),
  ),

  PATCH: route(changeAsset, async ({ app, principal: { tenant_id }, params: { asset_id }, body }) => {
    await find(app, tenant_id, asset_id);
    await app.store.setAssetType(tenant_id, asset_id, body.asset_type);
    return json(await find(app, tenant_id, asset_id));
  }),
});

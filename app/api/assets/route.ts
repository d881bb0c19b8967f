import { toWireAsset } from "../../../lib/protocol/wire.ts";
import { listAssets } from "../../_server/contracts/assets.ts";
import { json, methods, route } from "../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(listAssets, async ({ app, principal }) =>
    json({ assets: (await app.store.assets(principal.tenant_id)).map(toWireAsset) }),
  ),
});

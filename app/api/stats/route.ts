import { formatTimestamp } from "../../../lib/domain/time.ts";
import { getStats } from "../../_server/contracts/assets.ts";
import { json, methods, route } from "../../_server/route.ts";

const instantOf = (at: number | null) => (at === null ? null : formatTimestamp(at));

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(getStats, async ({ app, principal }) => {
    const { from, to, ...counts } = await app.store.stats(principal.tenant_id);
    return json({ ...counts, from: instantOf(from), to: instantOf(to) });
  }),
});

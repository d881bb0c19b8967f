import { formatTimestamp } from "../../../../../lib/domain/time.ts";
import { readReadings } from "../../../../_server/contracts/assets.ts";
import { attachment, streamed } from "../../../../_server/csv.ts";
import { csvOf, jsonOf } from "../../../../_server/readings.ts";
import { json, methods, notFound, route } from "../../../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(readReadings, async ({ app, principal: { tenant_id }, params: { asset_id }, query }) => {
    const { format, sensor_id, max_points, ...range } = query;
    const asset = await app.store.asset(tenant_id, asset_id);
    if (asset === undefined) throw notFound("asset");
    const sensors = asset.sensors.filter(
      (sensor) => sensor_id === undefined || sensor.sensor_id === sensor_id,
    );
    const [first] = sensors;
    if (first === undefined) throw notFound("sensor");

    if (format === "csv")
      return streamed(
        csvOf(
          app.store,
          tenant_id,
          sensors.map((sensor) => ({ asset_id, sensor_id: sensor.sensor_id, ...range })),
        ),
        {
          "Content-Type": "text/csv; charset=utf-8",
          "Content-Disposition": attachment(`${sensor_id ?? asset_id}.csv`),
        },
      );
    const { unit } = first;
    const stretch = { asset_id, sensor_id: first.sensor_id, ...range };
    if (max_points === undefined)
      return streamed(jsonOf(app.store, tenant_id, stretch, unit), { "Content-Type": "application/json" });
    const points = await app.store.history(tenant_id, { ...stretch, max_points });
    return json({
      asset_id,
      sensor_id: first.sensor_id,
      unit,
      points: points.map((point) => ({
        ...point,
        timestamp: formatTimestamp(point.timestamp),
        until: formatTimestamp(point.until),
      })),
    });
  }),
});

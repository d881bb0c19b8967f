import { expect, it } from "vitest";
import { ruleSchema } from "../../lib/domain/rule.ts";
import { START } from "../../lib/testing/http-parts.ts";
import { series } from "../../lib/testing/store/harness.ts";
import * as preview from "../api/rules/preview/route.ts";
import * as rules from "../api/rules/route.ts";
import { previewRule } from "./rule-preview.ts";
import { routesUnderTest } from "./testing.ts";

const HOUR = 3_600_000;
const routes = routesUnderTest(async (parts) => {
  const at = (hours: number) => START + hours * HOUR;
  const of = (n: number) => ({ asset_id: `FAN-00${n}`, sensor_id: `FAN-00${n}-TEMP` });
  // Two peaks of the first fan, a day and an hour before the newest reading; one of the second.
  await parts.settle("demo", [
    ...series([80, 95], of(1)).map((one, i) => ({ ...one, timestamp: at(0) + i })),
    ...series([80, 95, 80, 99], of(1)).map((one, i) => ({ ...one, timestamp: at(25) + i })),
    ...series([80, 91], of(2)).map((one, i) => ({ ...one, timestamp: at(26) + i })),
  ]);
});
const { ask } = routes;
const hot = {
  id: "hot",
  title: "Too hot",
  sensor_type: "temperature",
  severity: "warning",
  condition: { kind: "above", limit: 90 },
  unit: "celsius",
};
const asked = (over: object = {}, hours?: number, as = "admin") =>
  ask(preview, "POST", `/api/rules/preview${hours === undefined ? "" : `?hours=${hours}`}`, {
    as,
    body: { ...hot, ...over },
  });

it("tells what a rule would have raised in the last 24 h of the readings, saves nothing, and is for admins", async () => {
  const answer = (await asked()).json<{ alerts: { asset_id: string; metric_value: number }[] }>();
  expect(answer).toMatchObject({ raised: 3, sensors: 2, raising_sensors: 2, readings: 6, complete: true });
  expect(answer.alerts.map(({ asset_id, metric_value }) => [asset_id, metric_value])).toEqual([
    ["FAN-001", 95],
    ["FAN-001", 99],
    ["FAN-002", 91],
  ]);
  expect((await asked({}, 48)).json()).toMatchObject({ raised: 4, readings: 8 });
  expect((await asked({ enabled: false })).json()).toMatchObject({ raised: 3 });
  expect((await ask(rules, "GET", "/api/rules")).json()).toEqual({ rules: [] });
  expect((await asked({}, 24, "operator")).status).toBe(403);
  expect((await asked({}, 24, "rival")).json()).toMatchObject({ raised: 0, sensors: 0 });
  expect((await asked({}, 0)).status).toBe(400);
  expect((await asked({ condition: { kind: "anomaly", limit: 0.9 } })).status).toBe(400);
});

it("stops where there is too much to read, and says so", async () => {
  const { store } = routes.parts.app;
  const judged = await previewRule(store, "demo", ruleSchema.parse(hot), 48, new AbortController().signal, 1);
  expect(judged).toMatchObject({ complete: false });
});

it("[R-7.17] leaves sensors to more specific rules, and says where a unit cannot be converted", async () => {
  const precise = { ...hot, id: "precise", sensor_id: "FAN-001-TEMP" };
  await ask(rules, "PUT", "/api/rules", { body: precise });
  expect((await asked()).json()).toMatchObject({ raised: 1, sensors: 1, overruled: 1 });
  expect((await asked({ unit: "bar" })).json()).toMatchObject({ raised: 0, sensors: 0, unconvertible: 1 });
});

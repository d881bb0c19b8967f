import { describe, expect, it } from "vitest";
import * as acknowledge from "../api/alerts/[id]/acknowledge/route.ts";
import * as comment from "../api/alerts/[id]/comment/route.ts";
import * as reopen from "../api/alerts/[id]/reopen/route.ts";
import * as resolve from "../api/alerts/[id]/resolve/route.ts";
import * as alert from "../api/alerts/[id]/route.ts";
import * as shelve from "../api/alerts/[id]/shelve/route.ts";
import * as unacknowledge from "../api/alerts/[id]/unacknowledge/route.ts";
import * as alerts from "../api/alerts/route.ts";
import * as rule from "../api/rules/[id]/route.ts";
import * as rules from "../api/rules/route.ts";
import type { RouteModule } from "./ask.ts";
import { routesUnderTest } from "./testing.ts";

const { ask } = routesUnderTest();

describe("alerts and rules", () => {
  const raised = async (title: string, headers = {}) =>
    (
      await ask(alerts, "POST", "/api/alerts", {
        as: "operator",
        body: { asset_id: "PUMP-001", title, severity: "critical", tenant_id: "rival" },
        headers,
      })
    ).json<{ alert: { id: string; occurrences: number; tenant_id: string } }>().alert;

  it("an alert goes from raised to resolved, with who did what", async () => {
    const { id, tenant_id } = await raised("Bearing is hot");
    expect(tenant_id).toBe("demo");
    const act = (module: RouteModule, action: string, body: object) =>
      ask(module, "POST", `/api/alerts/${id}/${action}`, { as: "operator", body });
    expect((await act(acknowledge, "acknowledge", { comment: "On my way" })).json()).toMatchObject({
      alert: { state: "acknowledged", owner: "token:operator", comment: "On my way" },
    });
    expect((await act(comment, "comment", { comment: "Greased" })).status).toBe(200);
    expect((await act(shelve, "shelve", { for_s: 3_600 })).json()).toMatchObject({
      alert: { state: "shelved" },
    });
    expect((await act(shelve, "shelve", { until: "2020-01-01T00:00:00Z" })).status).toBe(400);
    expect((await act(shelve, "shelve", {})).status).toBe(400);
    expect((await act(resolve, "resolve", {})).json()).toMatchObject({ alert: { state: "resolved" } });
    expect((await act(acknowledge, "acknowledge", {})).status).toBe(409);
    const { events } = (await ask(alert, "GET", `/api/alerts/${id}`)).json<{ events: { kind: string }[] }>();
    expect(events.map(({ kind }) => kind)).toEqual([
      "raised",
      "acknowledged",
      "commented",
      "shelved",
      "resolved",
    ]);
  });

  it("[R-7.23] an operator takes back what was done, a viewer does not", async () => {
    const { id } = await raised("Belt slips");
    const act = (module: RouteModule, action: string, as = "operator", body = {}) =>
      ask(module, "POST", `/api/alerts/${id}/${action}`, { as, body });
    await act(acknowledge, "acknowledge");
    expect((await act(unacknowledge, "unacknowledge", "viewer")).status).toBe(403);
    const opened = (await act(unacknowledge, "unacknowledge", "operator", { comment: "Wrong one" })).json<{
      alert: object;
    }>();
    expect(opened).toMatchObject({ alert: { state: "open", comment: "Wrong one" } });
    expect(opened.alert).not.toHaveProperty("owner");
    await act(resolve, "resolve");
    expect((await act(reopen, "reopen", "viewer")).status).toBe(403);
    expect((await act(reopen, "reopen", "rival")).status).toBe(404);
    const reopened = (await act(reopen, "reopen")).json<{ alert: object; events: { kind: string }[] }>();
    expect(reopened.alert).toMatchObject({ state: "open" });
    expect(reopened.alert).not.toHaveProperty("resolved_from");
    expect(reopened.events.map(({ kind }) => kind)).toEqual([
      "raised",
      "acknowledged",
      "unacknowledged",
      "resolved",
      "reopened",
    ]);
  });

  it("the same alert again is a recurrence, the same Idempotency-Key again nothing", async () => {
    const first = await raised("Leak", { "idempotency-key": "leak-1" });
    expect(await raised("Leak", { "idempotency-key": "leak-1" })).toMatchObject({
      id: first.id,
      occurrences: 1,
    });
    expect(await raised("Leak")).toMatchObject({ id: first.id, occurrences: 2 });
  });

  it("the list pages through all alerts, newest first, and filters", async () => {
    type Page = { alerts: { id: string; state: string }[]; next?: string };
    const all = (await ask(alerts, "GET", "/api/alerts", { as: "viewer" })).json<Page>().alerts;
    const paged: string[] = [];
    for (let after = ""; ; ) {
      const page = (await ask(alerts, "GET", `/api/alerts?limit=2${after}`)).json<Page>();
      paged.push(...page.alerts.map(({ id }) => id));
      if (page.next === undefined) break;
      after = `&after=${page.next}`;
    }
    expect(paged).toEqual(all.map(({ id }) => id));
    const resolved = (await ask(alerts, "GET", "/api/alerts?state=resolved,shelved")).json<Page>().alerts;
    expect(new Set(resolved.map(({ state }) => state))).toEqual(new Set(["resolved"]));
  });

  it("rules are saved, listed and removed by an administrator", async () => {
    const hot = {
      id: "hot",
      title: "Too hot",
      sensor_type: "temperature",
      severity: "critical",
      condition: { kind: "above", limit: 90 },
      unit: "celsius",
    };
    expect((await ask(rule, "PUT", "/api/rules/hot", { body: hot })).json()).toMatchObject({ enabled: true });
    expect((await ask(rule, "PUT", "/api/rules/cold", { body: hot })).status).toBe(400);
    expect((await ask(rules, "PUT", "/api/rules", { body: { ...hot, id: "hotter" } })).status).toBe(200);
    expect((await ask(rules, "PUT", "/api/rules", { as: "operator", body: hot })).status).toBe(403);
    expect(
      (await ask(rules, "GET", "/api/rules", { as: "viewer" })).json<{ rules: object[] }>().rules,
    ).toHaveLength(2);
    expect((await ask(rule, "DELETE", "/api/rules/hot", { as: "rival" })).status).toBe(404);
    expect((await ask(rule, "DELETE", "/api/rules/hot")).status).toBe(204);
    expect((await ask(rule, "DELETE", "/api/rules/hot")).status).toBe(404);
  });
});

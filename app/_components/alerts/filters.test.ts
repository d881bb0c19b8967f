import { expect, it } from "vitest";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { matches, readFilters, storedQuery } from "./filters.ts";

const filters = (query: string) => readFilters(new URLSearchParams(query));
const alert: WireAlert = {
  id: "1",
  tenant_id: "t",
  asset_id: "PUMP-001",
  rule_id: "r",
  title: "Temperature (a+)+$ above 90",
  severity: "critical",
  state: "acknowledged",
  metric_value: 91,
  raised_at: "2026-03-03T12:00:00.000Z",
  updated_at: "2026-03-03T12:00:00.000Z",
  timestamp: "2026-03-03T12:00:00.000Z",
  occurrences: 1,
};

it("reads the filters from the URL and forgives what it does not know", () => {
  expect(filters("view=nonsense&severity=worst")).toMatchObject({
    view: { value: "open" },
    severity: undefined,
  });
  expect(storedQuery(filters("view=new&severity=critical&asset=PUMP-001"), 200)).toBe(
    "/api/alerts?state=open&severity=critical&asset_id=PUMP-001&limit=200",
  );
  expect(storedQuery(filters("view=all"), 50)).toBe("/api/alerts?limit=50");
});

it("lets through what belongs to the view, the severity, the asset and the text", () => {
  expect(matches(alert, filters(""))).toBe(true);
  expect(matches(alert, filters("view=new"))).toBe(false);
  expect(matches(alert, filters("severity=info"))).toBe(false);
  expect(matches(alert, filters("asset=PUMP-002"))).toBe(false);
  expect(matches(alert, filters("q=temperature"))).toBe(true);
});

it("[bad input 73] a search is text, never a pattern", () => {
  expect(matches(alert, filters(`q=${encodeURIComponent("(a+)+$")}`))).toBe(true);
  expect(matches(alert, filters(`q=${encodeURIComponent(".*")}`))).toBe(false);
});

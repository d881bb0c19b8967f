import { expect, it } from "vitest";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { matches, readFilters, storedQuery, writeSort } from "./filters.ts";

const NOW = Date.parse("2026-03-03T12:30:20.000Z");
const reader = { username: "anna", now: NOW };
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
  expect(storedQuery(filters("view=new&severity=critical&asset=PUMP-001"), 200, NOW)).toBe(
    "/api/alerts?state=open&severity=critical&asset_id=PUMP-001&limit=200",
  );
  expect(storedQuery(filters("view=all"), 50, NOW)).toBe("/api/alerts?limit=50");
});

it("lets through what belongs to the view, the severity, the asset and the text", () => {
  expect(matches(alert, filters(""), reader)).toBe(true);
  expect(matches(alert, filters("view=new"), reader)).toBe(false);
  expect(matches(alert, filters("severity=info"), reader)).toBe(false);
  expect(matches(alert, filters("asset=PUMP-002"), reader)).toBe(false);
  expect(matches(alert, filters("q=temperature"), reader)).toBe(true);
});

it("[bad input 73] a search is text, never a pattern", () => {
  expect(matches(alert, filters(`q=${encodeURIComponent("(a+)+$")}`), reader)).toBe(true);
  expect(matches(alert, filters(`q=${encodeURIComponent(".*")}`), reader)).toBe(false);
});

it("a range begins a whole minute before now, for what is stored and what comes alike", () => {
  const hour = filters("raised=1h&view=all");
  expect(storedQuery(hour, 50, NOW)).toBe("/api/alerts?from=2026-03-03T11%3A30%3A00.000Z&limit=50");
  expect(matches(alert, hour, reader)).toBe(true);
  expect(matches(alert, hour, { ...reader, now: NOW + 3_600_000 })).toBe(false);
});

it("mine are those that I own, recurring those that came again", () => {
  expect(matches(alert, filters("view=mine"), reader)).toBe(false);
  expect(matches({ ...alert, owner: "anna" }, filters("view=mine"), reader)).toBe(true);
  expect(matches(alert, filters("view=recurring"), reader)).toBe(false);
  expect(matches({ ...alert, occurrences: 2 }, filters("view=recurring"), reader)).toBe(true);
});

it("the order of a column is kept in the URL", () => {
  for (const sort of ["since", "-since", "-times"])
    expect(writeSort(filters(`sort=${sort}`).sort)).toBe(sort);
  for (const unknown of ["", "-", "colour", "since,title"])
    expect(filters(`sort=${unknown}`).sort).toBeUndefined();
});

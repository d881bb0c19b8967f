import { expect, it } from "vitest";
import type { AlertMessage } from "../../../lib/protocol/messages.ts";
import { noticeOf } from "./gather.ts";

const alert = (over: Partial<AlertMessage["data"]>): AlertMessage["data"] => ({
  id: "1",
  tenant_id: "t",
  asset_id: "PUMP-001",
  rule_id: "r",
  title: "Too hot",
  severity: "warning",
  state: "open",
  metric_value: 91,
  raised_at: "2026-03-03T12:00:00.000Z",
  updated_at: "2026-03-03T12:00:00.000Z",
  timestamp: "2026-03-03T12:00:00.000Z",
  occurrences: 1,
  event: "raised",
  by: "rules",
  seq: 1,
  ...over,
});

it("one alert is named, a burst is counted with its assets, and the worst of it comes first", () => {
  expect(noticeOf([alert({})])).toMatchObject({ title: "Too hot", detail: "PUMP-001, warning" });
  const burst = noticeOf([
    alert({}),
    alert({ asset_id: "PUMP-002", severity: "critical" }),
    alert({ id: "3" }),
  ]);
  expect(burst).toMatchObject({ title: "3 new alerts", detail: "PUMP-002, PUMP-001" });
  expect(burst.alerts[0]!.severity).toBe("critical");
});

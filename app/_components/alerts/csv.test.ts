import { expect, it } from "vitest";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { alertsCsv } from "./csv.ts";

const alert: WireAlert = {
  id: "1",
  tenant_id: "t",
  asset_id: "PUMP-001",
  rule_id: "r",
  title: 'He said "hot", twice',
  severity: "critical",
  state: "open",
  metric_value: -4.5,
  raised_at: "2026-03-03T12:00:00.000Z",
  updated_at: "2026-03-03T12:00:00.000Z",
  timestamp: "2026-03-03T12:00:00.000Z",
  occurrences: 1,
  comment: "=HYPERLINK(1)",
};

it("writes every field where its column is, quoted where it must be, and no formula of a stranger's", () => {
  const [head, line, rest] = alertsCsv([alert]).split("\r\n");
  expect(head!.split(",")).toHaveLength(16);
  expect(line).toBe(
    '1,PUMP-001,,r,"He said ""hot"", twice",critical,open,-4.5,,,2026-03-03T12:00:00.000Z,2026-03-03T12:00:00.000Z,2026-03-03T12:00:00.000Z,1,,\'=HYPERLINK(1)',
  );
  expect(rest).toBe("");
});

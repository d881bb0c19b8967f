import { describe, expect, it } from "vitest";
import type { HealthScore } from "../domain/health.ts";
import { NewestHealth } from "./newest-health.ts";

const score = (
  asset_id: string,
  source_offset: number,
  source_partition = 0,
  timestamp = source_offset,
): HealthScore => ({
  tenant_id: "acme",
  asset_id,
  timestamp,
  received_at: 0,
  score: 90,
  risk_level: "low",
  evidence: [],
  source_partition,
  source_offset,
});
const run = (first_offset: number, ...values: HealthScore[]) => ({
  partition: 0,
  first_offset,
  received_at: 0,
  values,
});

describe("[R-2.5] A health score", () => {
  it("that includes nothing newer than its asset's last is dropped, and offsets stay those of the log", () => {
    const newest = new NewestHealth();
    expect(newest.admit("acme", run(0, score("A", 5), score("B", 6)))).toHaveLength(1);
    const runs = newest.admit(
      "acme",
      run(2, score("A", 5), score("A", 7), score("B", 4), score("B", 8), score("A", 9)),
    );
    expect(
      runs.map(({ first_offset, values }) => [
        first_offset,
        values.map(({ source_offset }) => source_offset),
      ]),
    ).toEqual([
      [3, [7]],
      [5, [8, 9]],
    ]);
  });

  it("of an asset that moved to another partition is judged by its time", () => {
    const newest = new NewestHealth();
    newest.admit("acme", run(0, score("A", 500, 0, 1_000)));
    expect(newest.admit("acme", run(1, score("A", 3, 1, 900)))).toEqual([]);
    expect(newest.admit("acme", run(2, score("A", 4, 1, 1_100)))).toHaveLength(1);
  });

  it("of another tenant's asset of the same name is another's", () => {
    const newest = new NewestHealth();
    newest.admit("acme", run(0, score("A", 5)));
    expect(newest.admit("globex", run(1, score("A", 3)))).toHaveLength(1);
  });

  it("that takes back the last one goes through once, with the same readings", () => {
    const newest = new NewestHealth();
    const stale = { ...score("A", 5, 0, 6), score: null, stale: true as const };
    expect(newest.admit("acme", run(0, score("A", 5), stale, stale, score("A", 5)))).toMatchObject([
      { first_offset: 0, values: [{ score: 90 }, { score: null }] },
    ]);
    expect(newest.admit("acme", run(4, stale))).toEqual([]);
    expect(newest.admit("acme", run(5, score("A", 6, 0, 7)))).toHaveLength(1);
  });
});

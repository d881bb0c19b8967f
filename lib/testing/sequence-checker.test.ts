import { beforeEach, describe, expect, it } from "vitest";
import { SequenceChecker } from "./sequence-checker.ts";

describe("the sequence checker", () => {
  let checker: SequenceChecker;
  /** Five of A and five of B, acknowledged but for the last of B. */
  beforeEach(() => {
    checker = new SequenceChecker();
    for (let i = 0; i < 5; i++) {
      checker.produce("A");
      checker.produce("B");
    }
    checker.acknowledge("A", 4);
    checker.acknowledge("B", 3);
  });
  const deliver = (numbers: number[], asset: string) => {
    for (const n of numbers) checker.delivered("reader", asset, n);
  };
  const store = () => {
    for (const [asset, count] of [
      ["A", 5],
      ["B", 4],
    ] as const)
      for (let n = 0; n < count; n++) checker.stored(asset, n, n);
  };

  it("finds nothing where everything came once, in order and is stored", () => {
    deliver([0, 1, 2, 3, 4], "A");
    deliver([0, 1, 2, 3], "B");
    store();
    const report = checker.report();
    expect(report).toMatchObject({ produced: 10, acknowledged: 9, ok: true });
    expect(report.readers).toEqual([
      { reader: "reader", distinct: 9, lost: 0, doubled: 0, repeated: 0, reordered: 0, resets: 0 },
    ]);
  });

  it("lets what was never acknowledged arrive or not", () => {
    deliver([0, 1, 2, 3, 4], "A");
    deliver([0, 1, 2, 3, 4], "B");
    store();
    expect(checker.report().ok).toBe(true);
  });

  it("sees what was acknowledged and did not arrive", () => {
    deliver([0, 1, 3, 4], "A");
    deliver([0, 1, 2], "B");
    store();
    expect(checker.missing("reader")).toBe(2);
    expect(checker.report().ok).toBe(false);
  });

  it("sees what came again, unless a resume or a repeated append explains it", () => {
    deliver([0, 1, 1, 2, 3, 4], "A");
    deliver([0, 1, 2, 3], "B");
    checker.delivered("reader", "B", 3, true);
    checker.appendedAgain("B", 2);
    checker.delivered("reader", "B", 2);
    store();
    const report = checker.report();
    expect(report.readers[0]).toMatchObject({ doubled: 1, repeated: 2, reordered: 0 });
    expect(report.ok).toBe(false);
  });

  it("sees what came late, within its asset only", () => {
    deliver([0, 2, 1, 3, 4], "A");
    deliver([0, 1, 2, 3], "B");
    store();
    expect(checker.report().readers[0]).toMatchObject({ reordered: 1, lost: 0 });
  });

  it("sees what the store lacks, has twice or has changed", () => {
    deliver([0, 1, 2, 3, 4], "A");
    deliver([0, 1, 2, 3], "B");
    expect(checker.report().stored.lost).toBe(9);
    store();
    checker.stored("A", 2, 2);
    checker.stored("B", 1, 7);
    const { stored, ok } = checker.report();
    expect(stored).toEqual({ distinct: 9, lost: 0, doubled: 2, changed: 1 });
    expect(ok).toBe(false);
    checker.forgetStored();
    store();
    expect(checker.report().ok).toBe(true);
  });

  it("does not take a reset for delivery", () => {
    deliver([0, 1, 2, 3, 4], "A");
    deliver([0, 1, 2, 3], "B");
    store();
    checker.reset("reader");
    expect(checker.report().ok).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { evidenceRows } from "./evidence-rows.ts";

const evidence = [
  { sensor_id: "A", points: 30 },
  { sensor_id: "B", points: 9 },
  { sensor_id: "C", points: 0.4 },
];

describe("the rows of evidence", () => {
  it("are the sensors by the points of health that they take, where no model tells the life", () => {
    expect(evidenceRows({ evidence }, 4)).toEqual({
      shown: [
        { sensor_id: "A", points: 30, life: undefined },
        { sensor_id: "B", points: 9, life: undefined },
      ],
      others: 1,
      others_life: undefined,
    });
    expect(evidenceRows({ evidence, rul: null }, 1)).toMatchObject({
      shown: [{ sensor_id: "A" }],
      others: 2,
    });
  });

  it("are those that take most life, where it is known, and the rest adds up", () => {
    const rows = evidenceRows(
      {
        evidence,
        rul: 60,
        rul_evidence: [
          { sensor_id: "B", rul: -40.2 },
          { sensor_id: "F", rul: -12.5 },
          { sensor_id: "A", rul: -8 },
          { sensor_id: "D", rul: -0.3 },
          { sensor_id: "E", rul: 3.1 },
        ],
      },
      4,
    );
    expect(rows.shown).toEqual([
      { sensor_id: "B", life: -40.2, points: 9 },
      { sensor_id: "F", life: -12.5, points: 0 },
      { sensor_id: "A", life: -8, points: 30 },
    ]);
    expect(rows.others).toBe(3);
    expect(rows.others_life).toBeCloseTo(2.8, 9);
  });

  it("name a sensor that takes health and no life after those that take life", () => {
    const rows = evidenceRows({ evidence, rul: 60, rul_evidence: [{ sensor_id: "B", rul: -4 }] }, 4);
    expect(rows.shown.map(({ sensor_id }) => sensor_id)).toEqual(["B", "A"]);
  });
});

import { describe, expect, it } from "vitest";
import { Turns } from "./turns.ts";

/** Twelve drawings that count how often each was drawn. */
function twelve(turns: Turns): number[] {
  const drawn = new Array<number>(12).fill(0);
  for (let i = 0; i < 12; i++)
    turns.add(() => {
      drawn[i]!++;
      return true;
    });
  return drawn;
}

describe("dear drawings take turns", () => {
  it("draws all of them in each frame where the machine keeps up", () => {
    const turns = new Turns();
    const drawn = twelve(turns);
    for (let frame = 0; frame < 200; frame++) turns.frame(frame * 16.7);
    drawn.fill(0);
    turns.frame(200 * 16.7);
    expect(drawn).toEqual(new Array(12).fill(1));
  });

  it("draws so few a frame that frames stay smooth, and none waits longer than the others", () => {
    const turns = new Turns();
    const drawn = twelve(turns);
    let now = 0;
    let smooth = 0;
    for (let frame = 0; frame < 1_000; frame++) {
      const before = drawn.reduce((sum, n) => sum + n, 0);
      turns.frame(now);
      const cost = 6 * (drawn.reduce((sum, n) => sum + n, 0) - before);
      const frames = Math.max(1, Math.ceil(cost / 16.7));
      if (frames === 1) smooth++;
      now += frames * 16.7;
    }
    expect(smooth).toBeGreaterThan(900);
    expect(Math.max(...drawn) - Math.min(...drawn)).toBeLessThanOrEqual(1);
    expect(Math.min(...drawn)).toBeGreaterThan(80);
  });

  it("gives the turn of one that has nothing to draw to the next", () => {
    const turns = new Turns();
    const drawn: string[] = [];
    for (const name of ["still", "moving"])
      turns.add(() => {
        drawn.push(name);
        return name === "moving";
      });
    turns.frame(0);
    expect(drawn).toContain("moving");
  });

  it("forgets one that is gone", () => {
    const turns = new Turns();
    const remove = turns.add(() => {
      throw new Error("drawn though gone");
    });
    remove();
    turns.frame(0);
    expect(turns.size).toBe(0);
  });
});

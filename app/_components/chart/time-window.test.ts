import { describe, expect, it } from "vitest";
import { TimeAxis } from "./time-axis.ts";
import { lastOf, needOf, panned, rangeOf, type TimeWindow, zoomed } from "./time-window.ts";

const bounds = { from: 0, to: 100_000 };

describe("a range is zoomed and moved", () => {
  it("keeps the time under the pointer where it is", () => {
    expect(zoomed({ from: 20_000, to: 60_000 }, 0.5, 30_000, bounds)).toEqual({
      kind: "between",
      from: 25_000,
      to: 45_000,
    });
  });
  it("never gets shorter than a second", () => {
    expect(zoomed({ from: 1_000, to: 2_500 }, 0.1, 1_000, bounds)).toEqual({
      kind: "between",
      from: 1_000,
      to: 2_000,
    });
  });
  it("shows everything, and follows, where more than there is would be shown", () => {
    expect(zoomed({ from: 10_000, to: 90_000 }, 2, 50_000, bounds)).toEqual(lastOf("all"));
  });
  it("moves until half of it lies outside of what there is", () => {
    expect(panned({ from: 20_000, to: 40_000 }, 5_000, bounds)).toMatchObject({ from: 25_000, to: 45_000 });
    expect(panned({ from: 20_000, to: 40_000 }, -90_000, bounds)).toMatchObject({
      from: -10_000,
      to: 10_000,
    });
    expect(panned({ from: 20_000, to: 40_000 }, 900_000, bounds)).toMatchObject({
      from: 90_000,
      to: 110_000,
    });
  });
  it("knows the button that stands for it", () => {
    expect(rangeOf(lastOf("6h"))).toBe("6h");
    expect(rangeOf({ kind: "last", span_ms: 1_234 })).toBeUndefined();
    expect(rangeOf({ kind: "since", from: 1 })).toBeUndefined();
  });
});

describe("what a window needs of history", () => {
  it("is a little more than the last so many minutes, up to what comes", () => {
    expect(needOf({ kind: "last", span_ms: 10_000 }, 100_000)).toEqual({
      from: 89_800,
      to: undefined,
      live: true,
      lengths: 1,
    });
  });
  it("is everything for everything", () => {
    expect(needOf(lastOf("all"), 100_000)).toMatchObject({ from: undefined, to: undefined, live: true });
  });
  it("reaches half a length to both sides of a window of the past, and takes nothing live into it", () => {
    expect(needOf({ kind: "between", from: 20_000, to: 40_000 }, 100_000)).toEqual({
      from: 10_000,
      to: 50_000,
      live: false,
      lengths: 2,
    });
  });
  it("takes what comes into a window that reaches to the newest reading", () => {
    expect(needOf({ kind: "between", from: 60_000, to: 100_000 }, 100_000)).toMatchObject({
      from: 40_000,
      to: undefined,
      live: true,
    });
  });
});

describe("the axis of a page", () => {
  const fixed = (from: number, to: number): TimeWindow => ({ kind: "between", from, to });

  it("ends at the newest reading, and moves in whole pixels", () => {
    const axis = new TimeAxis({ kind: "last", span_ms: 1_000 });
    axis.cover(0, 5_003);
    expect(axis.range(100)).toEqual({ from: 4_010, to: 5_010 });
    axis.cover(0, 5_009);
    expect(axis.range(100)).toEqual({ from: 4_010, to: 5_010 });
  });
  it("stays where it is while readings come, once a range is fixed", () => {
    const axis = new TimeAxis(lastOf("all"));
    axis.cover(0, 10_000);
    axis.show(fixed(2_000, 4_000));
    const { version } = axis;
    axis.cover(0, 20_000);
    expect(axis.range(100)).toEqual({ from: 2_000, to: 4_000 });
    expect(axis.version).toBe(version);
  });
  it("goes back a step at a time, a gesture being one step", () => {
    const axis = new TimeAxis(lastOf("1h"));
    axis.show(fixed(1_000, 9_000));
    for (let i = 0; i < 10; i++) axis.show(fixed(1_000 + 100 * i + 1, 9_000), 5_000 + i * 20);
    axis.undo();
    expect(axis.window).toEqual(fixed(1_000, 9_000));
    axis.undo();
    expect(axis.window).toEqual(lastOf("1h"));
    expect(axis.canUndo).toBe(false);
  });
  it("comes back to what it followed last", () => {
    const axis = new TimeAxis(lastOf("15m"));
    axis.show(lastOf("6h"));
    axis.show(fixed(0, 1_000));
    axis.follow();
    expect(axis.window).toEqual(lastOf("6h"));
  });
  it("follows as long a range as a link to a fixed one showed", () => {
    const axis = new TimeAxis(fixed(0, 7_000));
    axis.follow();
    expect(axis.window).toEqual({ kind: "last", span_ms: 7_000 });
  });
});

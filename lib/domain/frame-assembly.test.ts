import { describe, expect, it } from "vitest";
import { addToFrame, openFrame } from "./frame-assembly.ts";

/** Feeds [sensor, seconds, value] and tells the frames as [timestamp in s, values, offset]. */
function frames(readings: [sensor: number, seconds: number, value: number][]) {
  const frame = openFrame();
  return readings.flatMap(([sensor, seconds, value], offset) =>
    addToFrame(frame, { sensor, value, timestamp: seconds * 1_000, offset, received_at: offset }).map(
      (closed) => [closed.timestamp / 1_000, [...closed.values], closed.offset],
    ),
  );
}

describe("frames", () => {
  it("[R-8.11] the first closes with a later second, the next as soon as all have reported that did before", () => {
    expect(
      frames([
        [0, 1, 10],
        [1, 1, 20],
        [0, 2, 11],
        [1, 2, 21],
      ]),
    ).toEqual([
      [1, [10, 20], 1],
      [2, [11, 21], 3],
    ]);
  });

  it("[R-8.11] a sensor that falls silent holds up one frame only until the next second", () => {
    expect(
      frames([
        [0, 1, 10],
        [1, 1, 20],
        [0, 2, 11],
        [0, 3, 12],
        [0, 4, 13],
      ]),
    ).toEqual([
      [1, [10, 20], 1],
      [2, [11], 2],
      [3, [12], 3],
      [4, [13], 4],
    ]);
  });

  it("[R-8.11] readings within one second are one frame, the latest of each sensor counts", () => {
    expect(
      frames([
        [0, 1, 10],
        [1, 1.2, 20],
        [0, 1.5, 11],
        [0, 2, 12],
      ]),
    ).toEqual([[1.5, [11, 20], 2]]);
  });

  it("[R-8.11] what comes late for a second that is past joins the next frame unless its sensor reports anew", () => {
    expect(
      frames([
        [0, 1, 10],
        [0, 2, 11],
        [1, 1.9, 5],
        [0, 3, 12],
      ]),
    ).toEqual([
      [1, [10], 0],
      [2, [11], 1],
      [3, [12, 5], 3],
    ]);
  });

  it("[R-8.11] one that was begun in an earlier log closes with an offset of this one", () => {
    const frame = openFrame();
    const at = (seconds: number, offset: number) =>
      addToFrame(frame, { sensor: 0, value: seconds, timestamp: seconds * 1_000, offset, received_at: 0 });
    at(1, 5_000);
    expect([...at(2, 0), ...at(3, 1)].map(({ offset }) => offset)).toEqual([0, 0, 1]);
  });
});

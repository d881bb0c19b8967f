import { describe, expect, it } from "vitest";
import { Cursors, isBeyond } from "./cursors.ts";

describe("cursors", () => {
  it("compare by partition", () => {
    expect(isBeyond("log:0:11", "log:0:10")).toBe(true);
    expect(isBeyond("log:0:10", "log:0:10")).toBe(false);
    expect(isBeyond("log:0:9,1:5", "log:0:9")).toBe(true);
    expect(isBeyond("log:0:9", "log:0:9,1:5")).toBe(false);
  });

  it("of different logs, or of a form not known here, are beyond each other unless they are the same", () => {
    expect(isBeyond("other:0:1", "log:0:10")).toBe(true);
    expect(isBeyond("?", "log:0:10")).toBe(true);
    expect(isBeyond("?", "?")).toBe(false);
  });

  it("are kept by channel", () => {
    const cursors = new Cursors();
    expect(cursors.of(["alerts"])).toBeUndefined();
    cursors.set("alerts", "log:0:1");
    cursors.set("sensor_data", "log:0:2");
    expect(cursors.of(["alerts", "health_scores"])).toEqual({ alerts: "log:0:1" });
    cursors.forget("alerts");
    expect(cursors.of(["alerts", "sensor_data"])).toEqual({ sensor_data: "log:0:2" });
  });
});

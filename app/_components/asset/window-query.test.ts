import { afterEach, describe, expect, it } from "vitest";
import { lastOf, type TimeWindow } from "../chart/time-window.ts";
import { setZone } from "../ui/zone.ts";
import { fromField, toField } from "./field-time.ts";
import { readWindow, writeWindow } from "./window-query.ts";

describe("the URL says which range is shown", () => {
  const written = (window: TimeWindow) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(writeWindow(window))) if (value) query.set(name, value);
    return query;
  };
  const at = Date.parse("2026-03-03T12:00:00Z");

  it("and is read as it was written", () => {
    const windows: TimeWindow[] = [
      lastOf("15m"),
      lastOf("all"),
      { kind: "last", span_ms: 450_000 },
      { kind: "since", from: at },
      { kind: "between", from: at, to: at + 1_500 },
    ];
    for (const window of windows) expect(readWindow(written(window))).toEqual(window);
  });
  it("asks for nothing where it makes no sense", () => {
    for (const text of [
      "",
      "range=never",
      "range=0s",
      "range=-5s",
      "range=99999999999s",
      "since=yesterday",
      "from=2026-03-03T12:00:00Z",
      "from=2026-03-03T12:00:00Z&to=2026-03-03T11:00:00Z",
    ])
      expect(readWindow(new URLSearchParams(text)), text).toBeUndefined();
  });
});

describe("a field holds a time by the plant's clock", () => {
  afterEach(() => setZone(undefined));
  it("in summer and in winter, and is read back", () => {
    setZone("Europe/Berlin");
    for (const [iso, text] of [
      ["2026-01-15T11:30:00Z", "2026-01-15T12:30:00"],
      ["2026-07-15T10:30:05Z", "2026-07-15T12:30:05"],
    ] as const) {
      expect(toField(Date.parse(iso))).toBe(text);
      expect(fromField(text)).toBe(Date.parse(iso));
    }
  });
  it("takes whole minutes, as some browsers give them, and refuses the rest", () => {
    setZone("UTC");
    expect(fromField("2026-01-15T12:30")).toBe(Date.parse("2026-01-15T12:30:00Z"));
    expect(fromField("")).toBeUndefined();
  });
});

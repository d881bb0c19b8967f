import { describe, expect, it } from "vitest";
import { createTimeReader, isLocalTime, needsDateOrder } from "./local-time.ts";
import { zoneClock } from "./time-zone.ts";

const at = (text: string) => Date.parse(text);
const berlin = createTimeReader({ time_zone: "Europe/Berlin" });

describe("times of a file", () => {
  it.each([
    ["2026-03-03T12:34:05Z", "2026-03-03T12:34:05Z"],
    ["2026-03-03 12:34:05+05:30", "2026-03-03T07:04:05Z"],
    ["1772541245000", "2026-03-03T12:34:05Z"],
    ["2026-03-03 12:34:05", "2026-03-03T11:34:05Z"],
    ["2026-03-03T12:34", "2026-03-03T11:34:00Z"],
    ["2026-07-03 12:34:05.25", "2026-07-03T10:34:05.250Z"],
    ["3.7.2026 9:05", "2026-07-03T07:05:00Z"],
    ["03.07.2026 09:05:01,5", "2026-07-03T07:05:01.500Z"],
  ])("%s is read in Berlin as %s", (text, expected) => {
    expect(berlin(text)).toBe(at(expected));
  });

  it("a time that clocks went over or showed twice is refused, and why is said", () => {
    expect(berlin("2026-03-29 02:30")).toMatch(/never showed 2026-03-29 02:30, they went forward/);
    expect(berlin("2026-10-25 02:30")).toMatch(/twice as they went back/);
    expect(berlin("2026-03-29 01:59:59")).toBe(at("2026-03-29T00:59:59Z"));
    expect(berlin("2026-03-29 03:00")).toBe(at("2026-03-29T01:00:00Z"));
    expect(berlin("2026-10-25 03:00")).toBe(at("2026-10-25T02:00:00Z"));
    expect(berlin("2026-10-25 02:30+01:00")).toMatch(/expected a time/);
    expect(berlin("2026-10-25T02:30:00+01:00")).toBe(at("2026-10-25T01:30:00Z"));
  });

  it("a zone whose clocks move by half an hour, or over the date line, is read rightly", () => {
    const howe = zoneClock("Australia/Lord_Howe");
    expect(howe.instants(at("2026-04-05T01:45:00Z"))).toHaveLength(2);
    expect(howe.instants(at("2026-10-04T02:15:00Z"))).toHaveLength(0);
    // Samoa had no 30 December 2011.
    expect(zoneClock("Pacific/Apia").instants(at("2011-12-30T12:00:00Z"))).toEqual([]);
  });

  it("slashes need to be told what comes first, and a time without an offset where it was", () => {
    const utc = { time_zone: "UTC" };
    expect(createTimeReader(utc)("3/7/2026 09:05")).toMatch(/day or the month first/);
    expect(createTimeReader({ ...utc, date_order: "day_first" })("3/7/2026 09:05")).toBe(
      at("2026-07-03T09:05Z"),
    );
    expect(createTimeReader({ ...utc, date_order: "month_first" })("3/7/2026 09:05")).toBe(
      at("2026-03-07T09:05Z"),
    );
    expect(createTimeReader({})("2026-03-03 12:34")).toMatch(/give a time zone/);
    expect([needsDateOrder("3/7/2026 09:05"), needsDateOrder("3.7.2026 09:05")]).toEqual([true, false]);
    expect([isLocalTime("2026-03-03 12:34"), isLocalTime("2026-03-03T12:34:00Z")]).toEqual([true, false]);
  });

  it("days and clocks that there are not, and what is no time, are refused", () => {
    expect(berlin("2026-02-29 12:00")).toMatch(/no day 2026-02-29/);
    for (const text of ["", "24.12.2026", "2026-01-01 24:00", "2026-01-01 12:60", "yesterday", "12:00"])
      expect(berlin(text)).toMatch(/expected a time/);
  });
});

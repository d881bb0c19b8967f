import { expect, it } from "vitest";
import { isTimeZone, readUnitChoice } from "./tenant-settings.ts";

it("a choice of units that a browser kept is read, and anything else is none", () => {
  expect(readUnitChoice('{"temperature":"kelvin"}')).toEqual({ temperature: "kelvin" });
  for (const text of [
    undefined,
    "",
    "{",
    "null",
    "[]",
    '{"temperature":"bar"}',
    '{"mood":"celsius"}',
    '{"time":"h"}',
  ])
    expect(readUnitChoice(text)).toEqual({});
});

it("a zone is known by its name in the IANA database alone", () => {
  expect(["Europe/Berlin", "UTC", "Asia/Kolkata"].map(isTimeZone)).toEqual([true, true, true]);
  expect(["", "+01:00", "Mars/Olympus", "Europe/Berlin;", "1"].map(isTimeZone)).toEqual(Array(5).fill(false));
});

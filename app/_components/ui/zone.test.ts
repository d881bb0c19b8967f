import { afterEach, expect, it } from "vitest";
import { formatClock, formatDateTime, formatWhen } from "./format.ts";
import { offsetMs, setZone, zoneName } from "./zone.ts";

afterEach(() => setZone(undefined));
const HOUR = 3_600_000;

it("times are said in the plant's zone, whatever that of the reader", () => {
  const at = Date.UTC(2026, 2, 3, 23, 30, 5);
  setZone("Asia/Kolkata");
  expect(formatClock(at, true)).toBe("05:00:05");
  expect(formatDateTime(at)).toBe("4 Mar 2026 05:00:05");
  setZone("America/New_York");
  expect(formatClock(at)).toBe("18:30");
  expect(formatWhen(at, at + 5 * HOUR)).toBe("18:30");
  expect(formatWhen(at, at + 6 * HOUR)).toBe("3 Mar 18:30");
});

it("the offset follows summer time, and times before 1970 and years below 100 do no harm", () => {
  setZone("Europe/Berlin");
  expect(offsetMs(Date.UTC(2026, 0, 1))).toBe(HOUR);
  expect(offsetMs(Date.UTC(2026, 6, 1))).toBe(2 * HOUR);
  const change = Date.UTC(2026, 2, 29, 1);
  expect([offsetMs(change - 1), offsetMs(change)]).toEqual([HOUR, 2 * HOUR]);
  expect(offsetMs(Date.UTC(1960, 0, 1))).toBe(HOUR);
  expect(zoneName(Date.UTC(2026, 0, 1))).toBe("CET");
  expect(zoneName(Date.UTC(2026, 6, 1))).toBe("CEST");
});

it("a zone is named by its letters wherever English has some", () => {
  const names = ["America/New_York", "Asia/Kolkata", "UTC", "Asia/Almaty"].map((zone) => {
    setZone(zone);
    return zoneName(Date.UTC(2026, 0, 1));
  });
  expect(names).toEqual(["EST", "IST", "UTC", "GMT+5"]);
});

it("a zone that this browser does not know counts as none", () => {
  setZone("Mars/Olympus");
  expect(offsetMs(0)).toBe(-new Date(0).getTimezoneOffset() * 60_000);
});

import { expect, it } from "vitest";
import { safeCallback } from "./callback-url.ts";

it("[bad input 68] a callback to another site leads to the fleet", () => {
  for (const evil of [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/alerts",
    "javascript:alert(1)",
    "http://localhost@evil.example/",
    "/\t/evil.example",
  ])
    expect(safeCallback(evil), evil).toBe("/");
});

it("goes back to the page that asked, its filters kept", () => {
  expect(safeCallback("/alerts?severity=critical#top")).toBe("/alerts?severity=critical#top");
  expect(safeCallback("http://localhost/realtime-test")).toBe("/realtime-test");
  expect(safeCallback(["/upload", "/alerts"])).toBe("/upload");
});

it("never leads back to the login", () => {
  expect(safeCallback("/login?callbackUrl=/login")).toBe("/");
  expect(safeCallback(undefined)).toBe("/");
});

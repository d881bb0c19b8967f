import { describe, expect, it } from "vitest";
import type { ConnectionInfo } from "./client.ts";
import { CONNECTION_STATES, initialConnection } from "./connection-machine.ts";
import { connectionName, describeConnection, secondsToRetry } from "./words.ts";

const info = (more: Partial<ConnectionInfo>): ConnectionInfo => ({
  ...initialConnection(0),
  tenant_id: "demo",
  transport: null,
  clock: undefined,
  resets: 0,
  caught_up: 0,
  stalled_since: null,
  ...more,
});

describe("the connection in words", () => {
  it("has a word for every state, and says Connected only when it is", () => {
    for (const state of CONNECTION_STATES)
      expect(connectionName(state) === "Connected").toBe(state === "live");
  });

  it("counts down to the next attempt and never below nought", () => {
    expect(secondsToRetry(info({ retry_at: 4_100 }), 0)).toBe(5);
    expect(secondsToRetry(info({ retry_at: 4_100 }), 9_000)).toBe(0);
    expect(secondsToRetry(info({}), 0)).toBeNull();
  });

  it("says what happened and what comes next", () => {
    expect(describeConnection(info({ state: "backing_off", reason: "It broke", retry_at: 2_000 }), 0)).toBe(
      "It broke; next try in 2 s",
    );
    expect(describeConnection(info({ state: "live", caught_up: 12 }), 0)).toBe(
      "Live, 12 missed readings caught up",
    );
    expect(describeConnection(info({ state: "denied", reason: "Signed out" }), 0)).toBe("Signed out");
    expect(describeConnection(info({ state: "offline", retry_at: 500 }), 0)).toBe(
      "No network; next try in 1 s",
    );
  });
});

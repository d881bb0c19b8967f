import { beforeEach, describe, expect, it } from "vitest";
import { createInProcessSharedState } from "../adapters/embedded/shared-state.ts";
import type { User } from "../domain/account.ts";
import type { AccountStore } from "../ports/store.ts";
import { createLoginThrottle, LOGIN_LIMITS } from "./login-throttle.ts";
import { hashPassword } from "./passwords.ts";
import { signIn } from "./sign-in.ts";

const NOW = Date.UTC(2026, 0, 1);
const clock = { now: () => NOW };
const password_hash = await hashPassword("correct horse battery");
const anna: User = {
  username: "Anna@demo",
  tenant_id: "demo",
  role: "operator",
  password_hash,
  disabled: false,
  created_at: NOW,
};
const users = new Map([
  ["anna@demo", anna],
  ["gone@demo", { ...anna, username: "gone@demo", disabled: true }],
]);
let sessions: Parameters<AccountStore["addSession"]>[0][] = [];
const store = {
  user: async (username: string) => users.get(username.toLowerCase()),
  addSession: async (session: (typeof sessions)[number]) => void sessions.push(session),
};
let deps: Parameters<typeof signIn>[0];
beforeEach(() => {
  sessions = [];
  const throttle = createLoginThrottle(createInProcessSharedState({ clock }));
  deps = { store, clock, throttle, ids: () => "session-1" };
});
const right = { username: "anna@demo", password: "correct horse battery" };
const wrong = { ...right, password: "wrong password" };
const codeOf = (credentials: unknown, address = "192.0.2.1") =>
  signIn(deps, credentials, address).then(
    () => "signed in",
    (error: { code: string }) => error.code,
  );

describe("signing in", () => {
  it("begins a session that can be revoked and lasts a week", async () => {
    const claims = await signIn(deps, right, "192.0.2.1");
    expect(claims).toEqual({
      session_id: "session-1",
      username: "Anna@demo",
      tenant_id: "demo",
      role: "operator",
      expires_at: NOW + 7 * 24 * 3_600_000,
    });
    const { role: _, ...session } = claims;
    expect(sessions).toEqual([session]);
  });

  it("[bad input 64] what is no text is a wrong password", async () => {
    for (const credentials of [
      { username: "anna@demo", password: { $ne: null } },
      { username: { $gt: "" }, password: "correct horse battery" },
      { username: ["anna@demo"], password: ["correct horse battery"] },
      undefined,
      null,
      "anna@demo",
      {},
    ])
      expect(await codeOf(credentials)).toBe("unauthorized");
    expect(sessions).toEqual([]);
  });

  it("[bad input 66] unknown, disabled and wrong are answered alike", async () => {
    const errors = await Promise.all(
      [wrong, { ...right, username: "nobody@demo" }, { ...right, username: "gone@demo" }].map((credentials) =>
        signIn(deps, credentials, "192.0.2.1").catch((error: Error) => error.message),
      ),
    );
    expect(new Set(errors).size).toBe(1);
  });

  it("[bad input 67] a password of a megabyte is not valid", async () => {
    expect(await codeOf({ ...right, password: "x".repeat(1_000_000) })).toBe("invalid_request");
  });

  it("[R-5.10] [bad input 65] ten failures are throttled for that account and address alone", async () => {
    const failures: string[] = [];
    for (let i = 0; i < 10; i++) failures.push(await codeOf(wrong));
    expect(new Set(failures)).toEqual(new Set(["unauthorized"]));
    await expect(signIn(deps, right, "192.0.2.1")).rejects.toMatchObject({
      code: "rate_limited",
      options: { retry_after_s: expect.any(Number) },
    });
    expect(await codeOf({ ...right, username: "ANNA@demo" })).toBe("rate_limited");
    expect(await codeOf(right, "192.0.2.2")).toBe("signed in");
    expect(await codeOf({ ...right, username: "nobody@demo" })).toBe("unauthorized");
  });

  it("[R-5.10] [bad input 65] many attempts at once are not many guesses", async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => codeOf(wrong)));
    expect(answers.filter((code) => code === "unauthorized")).toHaveLength(
      LOGIN_LIMITS.account_and_address.points,
    );
  });

  it("signing in rightly is never throttled", async () => {
    for (let i = 0; i < 15; i++) expect(await codeOf(right)).toBe("signed in");
  });
});

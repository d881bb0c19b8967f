import { expect, it } from "vitest";
import type { AccountStore } from "../ports/store.ts";
import { announcingRevocations } from "./revocation-news.ts";

it("tells of a revocation after the store has it, and of nothing else", async () => {
  const happened: string[] = [];
  const store = {
    tokens_kept: 3,
    async revokeSession() {
      happened.push("session revoked");
    },
    async revokeToken(_tenant: string, jti: string) {
      happened.push(`${jti} revoked`);
      return jti === "known";
    },
    async updateUser() {
      happened.push("user changed");
    },
    async tokens() {
      return this.tokens_kept;
    },
  };
  const announcing = announcingRevocations(store as unknown as AccountStore & typeof store, {
    announceRevocation: async () => void happened.push("told"),
  });
  await announcing.revokeSession("s", 0);
  await announcing.revokeToken("north", "known", 0);
  await announcing.revokeToken("north", "unknown", 0);
  await announcing.updateUser("anna", { disabled: true }, 0);
  expect(await announcing.tokens("north")).toBe(3);
  expect(happened).toEqual([
    "session revoked",
    "told",
    "known revoked",
    "told",
    "unknown revoked",
    "user changed",
    "told",
  ]);
});

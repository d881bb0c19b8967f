import { expect, it } from "vitest";
import { partState } from "./part-state.ts";

it("a part is ok where it answers, and not where it fails or says nothing for too long", async () => {
  expect(await partState(async () => "at 7")).toEqual({ ok: true, detail: "at 7" });
  expect(await partState(() => Promise.reject(new Error("gone")))).toEqual({ ok: false, detail: "gone" });
  expect(await partState(() => new Promise(() => undefined), 20)).toEqual({
    ok: false,
    detail: "gives no answer within 0.02 s",
  });
});

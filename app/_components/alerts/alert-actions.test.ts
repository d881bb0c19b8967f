import { expect, it } from "vitest";
import { ALERT_STATES } from "../../../lib/domain/alert.ts";
import { canAct, undoingOf } from "./alert-actions.ts";

it("each action is offered where the server allows it", () => {
  const allowed = (action: Parameters<typeof canAct>[0]) =>
    ALERT_STATES.filter((state) => canAct(action, { state }));
  expect(allowed("acknowledge")).toEqual(["open", "cleared"]);
  expect(allowed("resolve")).toEqual(["open", "acknowledged", "cleared", "shelved"]);
  expect(allowed("shelve")).toEqual(["open", "acknowledged", "cleared"]);
  expect(allowed("unshelve")).toEqual(["shelved"]);
});

it("[R-7.23] what acknowledging did to a cleared alert, resolving it, is taken back by reopening", () => {
  expect(undoingOf("acknowledge", { state: "open" })).toBe("unacknowledge");
  expect(undoingOf("acknowledge", { state: "cleared" })).toBe("reopen");
  expect(undoingOf("resolve", { state: "acknowledged" })).toBe("reopen");
  expect(undoingOf("shelve", { state: "open" })).toBe("unshelve");
  expect(undoingOf("unshelve", { state: "shelved" })).toBeUndefined();
});

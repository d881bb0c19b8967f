import { expect, it } from "vitest";
import { readViews, viewQuery } from "./saved-views.ts";

it("what a browser keeps is read, and anything else counts as nothing", () => {
  const views = [{ name: "Pumps", query: "severity=critical" }];
  expect(readViews(JSON.stringify(views))).toEqual(views);
  expect(readViews(JSON.stringify([{ name: 1 }, null, ...views]))).toEqual(views);
  for (const broken of [null, "", "{", "{}", "7"]) expect(readViews(broken)).toEqual([]);
});

it("a view is its filters in one order, whatever stands in the panel", () => {
  expect(viewQuery("?view=new&alert=a&severity=critical")).toBe("severity=critical&view=new");
  expect(viewQuery("severity=critical&view=new")).toBe("severity=critical&view=new");
});

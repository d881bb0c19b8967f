import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { ingest, overheated } from "./support/plant.ts";

test("an operator acknowledges from the keyboard with a comment, and another tab sees it at once", {
  tag: "@servers",
}, async ({ browser, context, page, server, signIn }) => {
  test.setTimeout(120_000);
  await signIn(page, "operator@demo");
  await ingest(page, overheated("PUMP-103"));
  const viewer = await (await browser.newContext()).newPage();
  await signIn(viewer, "viewer@demo");
  const other = await context.newPage();
  for (const tab of [page, viewer, other]) await tab.goto(`${server.url}/alerts?asset=PUMP-103`);
  const row = (tab: Page) => tab.getByRole("row", { name: /PUMP-103.*Critical|Critical.*PUMP-103/ }).first();
  await expect(row(page)).toContainText("Open");
  await expect(row(viewer)).toContainText("Open");

  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary", { name: "Alert" });
  await expect(panel).toContainText("Raised at");
  await panel.getByRole("textbox", { name: "Comment, seen by everyone" }).fill("Fan is off <b>again</b>");
  await panel.getByRole("button", { name: "Add" }).click();
  await expect(panel).toContainText("“Fan is off <b>again</b>”");
  await panel.getByRole("button", { name: "Acknowledge" }).click();
  for (const tab of [page, other, viewer]) await expect(row(tab)).toContainText("Acknowledged");

  await row(viewer).getByRole("checkbox").check();
  const bar = viewer.getByRole("region", { name: "Selected alerts" });
  await expect(bar.getByRole("button", { name: "Resolve" })).toBeDisabled();
  await expect(bar).toContainText("operators and admins");

  await page.getByRole("checkbox", { name: "Select all" }).check();
  const bulk = page.getByRole("region", { name: "Selected alerts" });
  await bulk.getByRole("textbox", { name: "Comment (optional)" }).fill("Replaced");
  await bulk.getByRole("button", { name: "Resolve" }).click();
  await expect(page.getByText("Nothing matches these filters")).toBeVisible();
  await viewer.context().close();
});

test("filters of the alerts stand in the URL, and what comes meanwhile waits while somebody points at the list", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page);
  await ingest(page, overheated("PUMP-104"));
  await page.goto(`${server.url}/alerts?q=PUMP-104`);
  const grid = page.getByRole("grid", { name: /Alerts/ });
  await expect(grid.getByRole("row", { name: /PUMP-104/ }).first()).toBeVisible();
  await page.getByRole("combobox", { name: /^Severity/ }).click();
  await page.getByRole("option", { name: "Critical" }).click();
  await expect(page).toHaveURL(/severity=critical/);
  await page.getByRole("searchbox", { name: "Filter alerts" }).fill("");
  await expect(page).not.toHaveURL(/q=/);
  await page.mouse.move(5, 5);
  await grid.hover();
  const before = await grid.getByRole("row").count();
  await ingest(page, overheated("PUMP-105"));
  await expect(page.getByText("1 new alert", { exact: true })).toBeVisible();
  expect(await grid.getByRole("row").count()).toBe(before);
  await page.getByRole("button", { name: /^Show/ }).click();
  await expect(grid.getByRole("row", { name: /PUMP-105/ })).toBeVisible();
});

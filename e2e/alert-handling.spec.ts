import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./support/accessible.ts";
import { expect, test } from "./support/fixtures.ts";
import { ingest, overheated } from "./support/plant.ts";

const row = (page: Page, asset_id: string) =>
  page.getByRole("row", { name: new RegExp(`Critical.*${asset_id}`) }).first();

test("what was acknowledged, resolved or shelved is taken back by button and by key", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page, "operator@demo");
  await ingest(page, overheated("PUMP-601"));
  await page.goto(`${server.url}/alerts?asset=PUMP-601&severity=critical&view=all`);
  await expect(row(page, "PUMP-601")).toContainText("Open");
  await page.keyboard.press("j");
  await page.keyboard.press("a");
  await expect(row(page, "PUMP-601")).toContainText("Acknowledged");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "PUMP-601")).toContainText("Open");
  await page.keyboard.press("r");
  await expect(row(page, "PUMP-601")).toContainText("Resolved");
  await page.keyboard.press("u");
  await expect(row(page, "PUMP-601")).toContainText("Open");
  await page.keyboard.press("r");
  await expect(row(page, "PUMP-601")).toContainText("Resolved");
  await page.keyboard.press("Control+z");
  await expect(row(page, "PUMP-601")).toContainText("Open");

  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary", { name: "Alert" });
  await panel.getByRole("button", { name: "Shelve" }).click();
  await page.getByRole("menuitem", { name: "For 8 h" }).click();
  await expect(row(page, "PUMP-601")).toContainText("Shelved");
  await expect(panel.getByRole("button", { name: "Bring back" })).toBeVisible();
  await panel.getByRole("button", { name: "Bring back" }).click();
  await expect(row(page, "PUMP-601")).toContainText("Open");
  const history = panel.getByRole("region", { name: "History" });
  for (const said of ["Acknowledgement taken back", "Reopened", "Shelved", "Brought back"])
    await expect(history).toContainText(said);
});

test("beside an alert stand its readings and what its rule says is to be done", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page);
  await ingest(page, overheated("PUMP-602"));
  await page.goto(`${server.url}/alerts?asset=PUMP-602&severity=critical`);
  await row(page, "PUMP-602").getByRole("button").click();
  const panel = page.getByRole("complementary", { name: "Alert" });
  await expect(panel.getByRole("img", { name: /between 60\D.* and 130/ })).toBeVisible();
  await expectAccessible(page, "alert panel");
  await panel.getByRole("link", { name: "Write them" }).click();
  await page.getByRole("textbox", { name: "What to do" }).fill("Stop the pump\nCall the fitter");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.goto(`${server.url}/alerts?asset=PUMP-602&severity=critical`);
  await row(page, "PUMP-602").getByRole("button").click();
  await expect(panel.getByRole("region", { name: "What to do" }).getByRole("listitem")).toHaveText([
    /Stop the pump/,
    /Call the fitter/,
  ]);
});

test("a view is saved under a name, found again after a reload, sorted, downloaded and forgotten", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page, "operator@demo");
  await ingest(page, overheated("PUMP-604"));
  await page.goto(`${server.url}/alerts?view=all&severity=critical`);
  await expect(row(page, "PUMP-604")).toBeVisible();
  await page.getByRole("button", { name: "Save view" }).click();
  await page.getByRole("textbox", { name: "Name of the view" }).fill("All critical");
  await page.keyboard.press("Enter");
  await page.goto(`${server.url}/alerts`);
  await page.getByRole("button", { name: "All critical", exact: true }).click();
  await expect(page).toHaveURL(/severity=critical/);
  await page.getByRole("button", { name: "Since" }).click();
  await expect(page.getByRole("columnheader", { name: "Since" })).toHaveAttribute("aria-sort", "descending");
  await expect(page).toHaveURL(/sort=-since/);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  expect(await readFile((await (await download).path())!, "utf8")).toMatch(/^id,asset_id,/);
  await page.getByRole("button", { name: "All critical", exact: true }).click();
  await page.getByRole("button", { name: "Forget the view All critical" }).click();
  await expect(page.getByRole("button", { name: "All critical", exact: true })).toBeHidden();
});

test("new alerts are told on the desktop where the reader has chosen it", async ({
  browser,
  server,
  signIn,
}) => {
  const context = await browser.newContext();
  await context.grantPermissions(["notifications"], { origin: server.url });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    window.Notification = class extends EventTarget {
      static permission = "granted";
      static requestPermission = async () => "granted" as const;
      constructor(title: string) {
        super();
        told.push(title);
      }
      close() {}
    } as unknown as typeof Notification;
  });
  await signIn(page);
  await page.goto(`${server.url}/alerts`);
  await page.getByRole("button", { name: "Silent" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Critical alone" }).nth(1).click();
  await expect(page.getByRole("button", { name: "Desktop" })).toBeVisible();
  await ingest(page, overheated("PUMP-603"));
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { told: string[] }).told))
    .toHaveLength(1);
  await context.close();
});

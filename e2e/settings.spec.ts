import { expect, test } from "./support/fixtures.ts";

test("an admin mints and revokes a token, changes a rule and takes it back; a viewer only reads", async ({
  browser,
  page,
  server,
  signIn,
}) => {
  await signIn(page);
  await page.goto(`${server.url}/settings`);
  await page.getByRole("button", { name: "Mint a token" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("line 3 <gateway>");
  await page.getByRole("button", { name: "Mint", exact: true }).click();
  await expect(page.getByRole("heading", { name: "The token, this once" })).toBeVisible();
  const token = await page.getByRole("dialog").locator("code").innerText();
  expect(token.split(".")).toHaveLength(3);
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Revoke line 3 <gateway>" }).click();
  await expect(page.getByRole("row", { name: /line 3 <gateway>.*revoked/ })).toBeVisible();
  const answer = await fetch(`${server.url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(401);

  await page.getByRole("button", { name: "Add a rule" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Say what the alert shall be called.")).toBeVisible();
  await dialog.getByRole("textbox", { name: "Title" }).fill("Kiln too hot");
  await dialog.getByRole("textbox", { name: "Type", exact: true }).fill("kiln_temperature");
  await dialog.getByRole("textbox", { name: "Limit" }).fill("1200");
  await dialog.getByRole("textbox", { name: "Unit" }).fill("celsius");
  await dialog.getByRole("button", { name: "Save" }).click();
  const rule = page.getByRole("row", { name: /kiln_temperature/ });
  await expect(rule).toContainText("above 1\u202f200 °C");
  await rule.getByRole("checkbox").click();
  await expect(rule.getByRole("checkbox")).not.toBeChecked();
  await page.getByRole("button", { name: "Delete Kiln too hot" }).click();
  await expect(rule).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(rule).toBeVisible();

  const viewer = await (await browser.newContext()).newPage();
  await signIn(viewer, "viewer@demo");
  await viewer.goto(`${server.url}/settings`);
  await expect(viewer.getByRole("row", { name: /kiln_temperature/ })).toBeVisible();
  await expect(viewer.getByRole("button", { name: /^(Edit|Delete|Add)/ })).toHaveCount(0);
  await expect(viewer.getByText("Only an admin of this tenant sees and changes them.")).toBeVisible();
  await viewer.context().close();
});

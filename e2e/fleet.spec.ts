import { expectAccessible } from "./support/accessible.ts";
import { expect, test } from "./support/fixtures.ts";
import { ingest, overheated } from "./support/plant.ts";
import { PASSWORD, removeData, startServer } from "./support/server.ts";

test("an empty fleet says what to do, and its commands can be copied", async ({ browser }) => {
  const server = await startServer();
  const context = await browser.newContext();
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  const page = await context.newPage();
  await page.goto(`${server.url}/login`);
  await page.getByLabel("Username").fill("admin@demo");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("No assets yet")).toBeVisible();
  await page.getByRole("button", { name: "Copy the command" }).first().click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    "npm run convert-cmapss -- --generate --assets 3 --hours 1",
  );
  await expectAccessible(page, "empty fleet");
  await context.close();
  await server.stop();
  await removeData(server);
});

test("the fleet shows an asset with its value, age and alert as soon as it reports, and leads to its page", async ({
  page,
  signIn,
}) => {
  await signIn(page);
  await ingest(page, overheated("PUMP-101"));
  const row = page.getByRole("table", { name: "Assets by risk" }).getByRole("row", { name: /PUMP-101/ });
  await expect(row).toContainText("TEMP 130 °C, above critical 90");
  await expect(page.getByRole("complementary", { name: "Alerts" })).toContainText("PUMP-101");
  await expect(page).toHaveTitle(/^\(\d+\) Fleet – FORESIGHT$/);
  await expect(page.getByRole("region", { name: "Live chart" })).toBeVisible();

  await row.getByRole("link", { name: "PUMP-101" }).click();
  await page.waitForURL("**/assets/PUMP-101");
  await expect(page.getByRole("heading", { level: 1, name: "PUMP-101" })).toBeVisible();
  await expect(
    page.getByRole("img", { name: /^TEMP: 130 °C, past its critical limit of 90$/ }),
  ).toBeVisible();
  await expect(page.getByRole("region", { name: "Sensors, table" })).toContainText("130");
});

import { gzipSync } from "node:zlib";
import { expectAccessible } from "./support/accessible.ts";
import { expect, test } from "./support/fixtures.ts";
import { ingest, overheated, temperature } from "./support/plant.ts";

test("the fleet is shown as tiles or in single lines, by risk or by type, and the URL says how", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page);
  await ingest(page, overheated("PUMP-701"));
  await ingest(
    page,
    temperature("FAN-701", 60, () => 50),
  );
  await page.goto(`${server.url}/`);
  await expect(page.getByRole("table", { name: "Assets by risk" })).toContainText("PUMP-701");
  await page.getByRole("radio", { name: "Compact" }).click();
  await expect(page).toHaveURL(/density=compact/);
  await page.getByRole("combobox", { name: /^Group by/ }).click();
  await page.getByRole("option", { name: "Type" }).click();
  await expect(page.getByRole("table", { name: "Assets by type" })).toBeVisible();
  await expectAccessible(page, "fleet by type");
  await page.getByRole("radio", { name: "Tiles" }).click();
  await page.getByRole("searchbox", { name: "Filter assets" }).fill("701");
  const tiles = page.getByRole("list", { name: "Assets as tiles" });
  await expect(tiles.getByRole("link", { name: "PUMP-701" })).toBeVisible();
  await expectAccessible(page, "fleet as tiles");
  await page.reload();
  await expect(tiles.getByRole("link", { name: "FAN-701" })).toBeVisible();
  await expect(page.getByRole("searchbox", { name: "Filter assets" })).toHaveValue("701");
});

test("the palette leads to an asset, acts on it, and is done by keyboard alone", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page, "operator@demo");
  await ingest(page, overheated("PUMP-702"));
  await page.goto(`${server.url}/settings`);
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search or jump to" });
  await field.fill("pump-702");
  await expect(page.getByRole("option", { name: /PUMP-702/ })).toBeVisible();
  await expectAccessible(page, "palette");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/assets/PUMP-702");
  await page.keyboard.press("Control+k");
  await field.fill("acknowledge");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/acknowledged/).first()).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("search or jump to");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("the fleet's first load keeps its budget of compressed JavaScript", async ({ page, server, signIn }) => {
  await signIn(page);
  const html = await (await page.request.get(`${server.url}/`)).text();
  // A browser of today leaves out what is for those without modules.
  const scripts = [...html.matchAll(/<script[^>]*\ssrc="([^"]+)"[^>]*>/g)]
    .filter(([tag]) => !/nomodule/i.test(tag))
    .map(([, src]) => src!);
  expect(scripts.length).toBeGreaterThan(3);
  const sizes = await Promise.all(
    [...new Set(scripts)].map(async (src) => {
      const body = await (await page.request.get(new URL(src, server.url).href)).body();
      return gzipSync(body).length;
    }),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(240_000);
});

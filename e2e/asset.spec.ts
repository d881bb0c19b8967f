import { expect, test } from "./support/fixtures.ts";
import { ingest, temperature } from "./support/plant.ts";

test("two tabs of an asset move together as readings come, and a pause leaves no hole that was not there", async ({
  context,
  page,
  server,
  signIn,
}) => {
  await signIn(page);
  await ingest(
    page,
    temperature("PUMP-102", 30, () => 50),
  );
  const tabs = [page, await context.newPage()];
  for (const tab of tabs) {
    await tab.goto(`${server.url}/assets/PUMP-102`);
    await expect(tab.getByRole("img", { name: /^TEMP: 50 °C/ })).toBeVisible();
  }
  await ingest(
    page,
    temperature("PUMP-102", 1, () => 61.5),
  );
  for (const tab of tabs) await expect(tab.getByRole("img", { name: /^TEMP: 61.5 °C/ })).toBeVisible();
  // The crosshair is led by keyboard and said aloud.
  await tabs[1]!.getByRole("group", { name: /^TEMP over time/ }).focus();
  await tabs[1]!.keyboard.press("ArrowLeft");
  await expect(tabs[1]!.getByRole("group", { name: /^TEMP over time/ }).getByRole("status")).toContainText(
    "61.5 °C",
  );
});

test("[bad input 38] HTML in names and titles is shown as text and runs nothing", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page);
  const evil = "<img src=x onerror=window.hacked=1>";
  await ingest(
    page,
    temperature(evil, 5, () => 20, "<script>window.hacked=1</script>"),
  );
  const raised = await page.evaluate(
    async (asset_id) =>
      (
        await fetch("/api/alerts", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({
            asset_id,
            title: "<b onclick=window.hacked=1>bold</b>",
            severity: "warning",
          }),
        })
      ).status,
    evil,
  );
  expect(raised).toBe(201);
  await expect(page.getByRole("row", { name: /<img src=x/ })).toBeVisible();
  await page.goto(`${server.url}/assets/${encodeURIComponent(evil)}`);
  await expect(page.getByRole("heading", { level: 1, name: evil })).toBeVisible();
  await expect(page.getByText("<b onclick=window.hacked=1>bold</b>").first()).toBeVisible();
  expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
});

test("an asset that never sent is said to be unknown, as is a page that is not there", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page);
  expect((await page.goto(`${server.url}/assets/NOBODY`))?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "No such asset" })).toBeAttached();
  expect((await page.goto(`${server.url}/no/such/page`))?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeAttached();
});

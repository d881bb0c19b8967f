import { expectAccessible } from "./support/accessible.ts";
import { expect, test } from "./support/fixtures.ts";
import { ingest, overheated } from "./support/plant.ts";

test("the theme is there before the first paint, follows the system and keeps a choice", async ({
  browser,
  server,
  signIn,
}) => {
  const context = await browser.newContext({ colorScheme: "light" });
  const page = await context.newPage();
  await signIn(page);
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  expect(await theme()).toBe("light");
  await page.getByRole("button", { name: "Switch to the dark theme" }).click();
  expect(await theme()).toBe("dark");
  // The script in the head has run when the body begins.
  await page.addInitScript(() => {
    new MutationObserver((_, watcher) => {
      if (document.body === null) return;
      (window as { themeAtBody?: string }).themeAtBody = document.documentElement.dataset.theme ?? "none";
      watcher.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(`${server.url}/upload`);
  expect(await page.evaluate(() => (window as { themeAtBody?: string }).themeAtBody)).toBe("dark");
  await expect(page.locator("html")).toHaveCSS("color-scheme", "dark");
  await context.close();
});

for (const { colorScheme, width } of [
  { colorScheme: "light", width: 390 },
  { colorScheme: "dark", width: 1440 },
] as const)
  test(`no page breaks a rule of axe: ${colorScheme}, ${width} pixels wide`, async ({
    browser,
    server,
    signIn,
  }) => {
    test.setTimeout(120_000);
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 } });
    const page = await context.newPage();
    await page.goto(`${server.url}/login`);
    await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
    await expectAccessible(page, "/login");
    await signIn(page);
    await ingest(page, overheated("PUMP-301"));
    for (const path of ["/", "/assets/PUMP-301", "/alerts", "/upload", "/settings", "/realtime-test"]) {
      await page.goto(`${server.url}${path}`);
      await expect(page.getByText("Live", { exact: true }).first()).toBeVisible();
      await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
      await expectAccessible(page, path);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
        `${path} scrolls sideways`,
      ).toBeLessThanOrEqual(0);
    }
    await context.close();
  });

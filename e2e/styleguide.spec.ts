import { expectAccessible } from "./support/accessible.ts";
import { expect, test } from "./support/fixtures.ts";
import { PASSWORD, removeData, startServer } from "./support/server.ts";

test("every component is shown in development, in both themes, and breaks no rule of axe", async ({
  page,
}) => {
  test.setTimeout(400_000);
  const server = await startServer({ args: ["--dev"], env: { NODE_ENV: "development" } });
  try {
    // The first look at each page compiles it.
    await page.goto(`${server.url}/login?callbackUrl=/styleguide`, { timeout: 180_000 });
    await page.getByLabel("Username").fill("viewer@demo");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL("**/styleguide", { timeout: 180_000 });
    await expect(page.getByRole("heading", { level: 1, name: "Components" })).toBeVisible({
      timeout: 120_000,
    });
    for (const theme of ["light", "dark"]) {
      await page.getByRole("radio", { name: theme }).click();
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
      await expectAccessible(page, `components, ${theme}`, "main");
    }
    await page.getByRole("button", { name: "Notice: warning" }).click();
    await expect(page.getByText("A notice of kind warning")).toBeVisible();
  } finally {
    await server.stop();
    await removeData(server);
  }
});

test("a built server has no page of components", async ({ page, server, signIn }) => {
  await signIn(page);
  expect((await page.goto(`${server.url}/styleguide`))?.status()).toBe(404);
});

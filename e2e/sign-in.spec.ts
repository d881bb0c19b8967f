import { expect, test } from "./support/fixtures.ts";
import { PASSWORD } from "./support/server.ts";

test.describe("signing in", () => {
  test("a wrong password is said, the field is ready for another try, and the right one leads back", async ({
    page,
    server,
  }) => {
    await page.goto(`${server.url}/alerts?severity=critical`);
    await page.waitForURL("**/login?**");
    await page.getByLabel("Username").fill("operator@demo");
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("Username or password is wrong.")).toBeVisible();
    await expect(page.getByLabel("Password")).toBeFocused();
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByLabel("Password").press("Enter");
    await page.waitForURL("**/alerts?severity=critical");
    await expect(page.getByRole("combobox", { name: "Severity: Critical" })).toBeVisible();
  });

  test("[bad input 68] a callback to another site leads to the fleet of this one", async ({
    page,
    server,
  }) => {
    await page.goto(`${server.url}/login?callbackUrl=${encodeURIComponent("//evil.example/alerts")}`);
    await page.getByLabel("Username").fill("viewer@demo");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL((url) => url.pathname === "/");
    expect(new URL(page.url()).origin).toBe(new URL(server.url).origin);
  });

  test("signing out ends the session for every page", { tag: "@servers" }, async ({
    page,
    server,
    signIn,
  }) => {
    await signIn(page);
    // The page has taken over from what the server rendered.
    await expect(page.getByRole("banner").getByRole("status")).toHaveText("Live");
    await page.getByRole("button", { name: /account/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL("**/login**");
    await page.goto(`${server.url}/settings`);
    await page.waitForURL("**/login?**");
  });
});

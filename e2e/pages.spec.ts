import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { PASSWORD, removeData, startServer } from "./support/server.ts";

interface Sent {
  asset_id: string;
  sensor_id: string;
  sensor_type: string;
  unit: string;
  value: number;
  timestamp: string;
}

/** Readings of a temperature, one a second up to now; `value` of the seconds before now. */
function temperature(
  asset_id: string,
  seconds: number,
  value: (before: number) => number,
  sensor_id = `${asset_id}-TEMP`,
): Sent[] {
  const now = Date.now();
  return Array.from({ length: seconds }, (_, i) => ({
    asset_id,
    sensor_id,
    sensor_type: "temperature",
    unit: "celsius",
    value: value(seconds - 1 - i),
    timestamp: new Date(now - (seconds - 1 - i) * 1_000).toISOString(),
  }));
}

/** Posts readings as the signed-in page itself may. */
async function ingest(page: Page, readings: Sent[]): Promise<void> {
  const status = await page.evaluate(
    async (body) =>
      (
        await fetch("/api/ingest", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        })
      ).status,
    readings,
  );
  expect(status).toBe(202);
}

async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(
      ({ id, nodes }) => `${what}: ${id} ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`,
    ),
  ).toEqual([]);
}

const overheated = (asset_id: string) => temperature(asset_id, 60, (before) => (before > 30 ? 60 : 130));

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

  test("signing out ends the session for every page", async ({ page, server, signIn }) => {
    await signIn(page);
    await page.getByRole("button", { name: /account/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL("**/login**");
    await page.goto(`${server.url}/settings`);
    await page.waitForURL("**/login?**");
  });
});

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

test.describe("with a plant that sends", () => {
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
    await expect(page.getByRole("region", { name: "Sensors, latest values, table" })).toContainText("130");
  });

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

  test("an operator acknowledges from the keyboard with a comment, and another tab sees it at once", async ({
    browser,
    context,
    page,
    server,
    signIn,
  }) => {
    await signIn(page, "operator@demo");
    await ingest(page, overheated("PUMP-103"));
    const viewer = await (await browser.newContext()).newPage();
    await signIn(viewer, "viewer@demo");
    const other = await context.newPage();
    for (const tab of [page, viewer, other]) await tab.goto(`${server.url}/alerts?asset=PUMP-103`);
    const row = (tab: Page) =>
      tab.getByRole("row", { name: /PUMP-103.*Critical|Critical.*PUMP-103/ }).first();
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

test("a CSV is uploaded with what was refused and why, and the same again adds nothing", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page, "operator@demo");
  await page.goto(`${server.url}/upload`);
  const at = new Date(Date.now() - 60_000).toISOString();
  const csv = [
    "timestamp,asset_id,sensor_id,sensor_type,value,unit",
    `${at},PUMP-201,PUMP-201-TEMP,temperature,41.5,celsius`,
    `${at},PUMP-201,PUMP-201-VIB,vibration,not a number,mm/s`,
    "ragged",
  ].join("\n");
  const file = { name: "shift.csv", mimeType: "text/csv", buffer: Buffer.from(csv) };
  await page.getByLabel("CSV file").setInputFiles(file);
  const uploads = page.getByRole("region", { name: "Uploads, newest first, table" });
  await expect(uploads.getByRole("row", { name: /shift\.csv.*Done/ })).toBeVisible();
  await uploads.getByRole("button", { name: "2 rejects" }).click();
  const rejects = page.getByRole("region", { name: "Rejected rows of shift.csv, table" });
  await expect(rejects.getByRole("row", { name: /^3 / })).toContainText("number");
  await expect(rejects.getByRole("row", { name: /^4 / })).toContainText("ragged");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download as CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
  await page.getByLabel("CSV file").setInputFiles(file);
  await expect(uploads.getByRole("row", { name: /shift\.csv/ })).toHaveCount(2);
  await page.goto(`${server.url}/`);
  await expect(page.getByRole("row", { name: /PUMP-201/ })).toContainText("41.5");
});

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

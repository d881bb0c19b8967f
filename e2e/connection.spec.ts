import { expect, test } from "@playwright/test";
import { expectAccessible } from "./support/accessible.ts";
import { PASSWORD, removeData, startServer } from "./support/server.ts";

// A server is started twice, and a break becomes stale after ten seconds.
test.setTimeout(120_000);
test.use({ timezoneId: "Europe/Berlin" });

test("a page says in words that the stream broke, since when and by which clock, and that it is back", async ({
  page,
}) => {
  let server = await startServer();
  try {
    await page.goto(`${server.url}/login?callbackUrl=%2Falerts`);
    await page.getByLabel("Username").fill("admin@demo");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    const state = page.getByRole("banner").getByRole("status");
    await expect(state).toHaveText("Live");
    await expect(page.getByText(/^0 alerts, live$/)).toBeVisible();

    const { data_dir, port } = server;
    await server.stop("SIGKILL");
    await expect(state).toHaveText("Recovering");
    await expect(state).toHaveText(/^Stale since \d\d:\d\d CES?T$/, { timeout: 30_000 });
    await expect(page.getByText(/^0 alerts, stale since \d\d:\d\d CES?T$/)).toBeVisible();
    const banner = page.getByRole("region", { name: "Connection" });
    await expect(banner).toContainText(
      /Stale since \d\d:\d\d CES?T\..*behind; the values are those of then\./,
    );
    await expectAccessible(page, "alerts, stale");

    server = await startServer({ data_dir, port });
    await banner.getByRole("button", { name: "Reconnect now" }).click();
    await expect(state).toHaveText("Live");
    await expect(banner).toHaveCount(0);
  } finally {
    await server.stop();
    await removeData(server);
  }
});

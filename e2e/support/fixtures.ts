import { test as base, type Page } from "@playwright/test";
import { PASSWORD, type RunningServer, removeData, startServer } from "./server.ts";

/** Tests of one worker share a server with a data directory of its own. */
export const test = base.extend<
  { signIn: (page: Page, username?: string) => Promise<void> },
  { server: RunningServer }
>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
      await removeData(server);
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => {
    await use(server.url);
  },
  signIn: async ({ server }, use) => {
    await use(async (page, username = "admin@demo") => {
      await page.goto(`${server.url}/login`);
      await page.getByLabel("Username").fill(username);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL((url) => url.pathname !== "/login");
    });
  },
});

export { expect } from "@playwright/test";

/**
 * Takes pictures of every page of a running server with a living demo plant, wide and phone, light and dark, into
 * docs/screenshots (`--all`: into screenshots/, every variant; else the few that README shows).
 */
import { mkdir } from "node:fs/promises";
import { chromium, type Page } from "@playwright/test";
import { PASSWORD, removeData, startServer } from "../e2e/support/server.ts";
import { ensureChromium } from "./browser.ts";

const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const THEMES = ["dark", "light"] as const;
/** How long the plant lives before the pictures, so that charts have something to show. */
const LIVED_MS = 150_000;

const PAGES: { name: string; path: string; before?: (page: Page) => Promise<void> }[] = [
  { name: "fleet", path: "/" },
  { name: "asset", path: "/assets/PUMP-001" },
  { name: "alerts", path: "/alerts" },
  { name: "upload", path: "/upload" },
  { name: "settings", path: "/settings" },
  {
    name: "realtime-test",
    path: "/realtime-test",
    before: async (page) => {
      await page.getByRole("button", { name: "Connect", exact: true }).click();
      await page.getByText("Connected", { exact: true }).waitFor();
    },
  },
];
const README = new Set([
  "fleet-wide-dark",
  "asset-wide-light",
  "alerts-wide-dark",
  "realtime-test-wide-light",
  "fleet-phone-dark",
]);

const all = process.argv.includes("--all");
const folder = all ? "screenshots" : "docs/screenshots";
await mkdir(folder, { recursive: true });
const server = await startServer({ args: ["--demo"] });
const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  process.stderr.write("Letting the plant live a while …\n");
  await new Promise((resolve) => setTimeout(resolve, LIVED_MS));
  for (const theme of THEMES)
    for (const [size, viewport] of Object.entries(SIZES)) {
      const context = await browser.newContext({ viewport, colorScheme: theme, baseURL: server.url });
      const page = await context.newPage();
      const shoot = async (name: string) => {
        const file = `${name}-${size}-${theme}`;
        if (all || README.has(file)) await page.screenshot({ path: `${folder}/${file}.png` });
      };
      await page.goto("/login");
      await shoot("login");
      await page.getByLabel("Username").fill("admin@demo");
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL((url) => url.pathname === "/");
      for (const { name, path, before } of PAGES) {
        if (!all && !README.has(`${name}-${size}-${theme}`)) continue;
        await page.goto(path);
        await before?.(page);
        await page.waitForTimeout(6_000);
        await shoot(name);
      }
      await context.close();
    }
} finally {
  await browser.close();
  await server.stop();
  await removeData(server);
}

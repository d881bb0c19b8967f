/**
 * Takes pictures of every page while an hour of a generated plant streams in, wide and phone, light and dark, into
 * docs/screenshots (`--all`: into screenshots/, every variant; else the few that README shows).
 */
import { mkdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { foresight, launch } from "../e2e/support/cli.ts";
import { PASSWORD, removeData, startServer } from "../e2e/support/server.ts";
import { ensureChromium } from "./browser.ts";

const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const THEMES = ["dark", "light"] as const;
/** The plant's hour takes two minutes; by the time of the pictures its planted faults have begun to tell. */
const SPEED = "30";
const LIVED_MS = 98_000;
const ASSETS = "12";

const plant = join(tmpdir(), `foresight-pictures-${process.pid}.csv`);
const truth = plant.replace(".csv", ".truth.json");
const made = await foresight([
  "convert-cmapss",
  "--generate",
  "--assets",
  ASSETS,
  "--hours",
  "1",
  "--interval",
  "2s",
  "-o",
  plant,
]);
if (made.code !== 0) throw new Error(made.stderr);
const { faults } = JSON.parse(await readFile(truth, "utf8")) as { faults: { asset_id: string }[] };

const PAGES: { name: string; path: string; before?: (page: Page) => Promise<void> }[] = [
  { name: "fleet", path: "/" },
  { name: "asset", path: `/assets/${faults[0]!.asset_id}` },
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
const server = await startServer();
const { child, finished } = launch([
  "sensor-ingestor",
  plant,
  "--speed",
  SPEED,
  "--data-dir",
  server.data_dir,
]);
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
  child.kill("SIGINT");
  await finished;
  await server.stop();
  await Promise.all([plant, truth].map((file) => rm(file)));
  await removeData(server);
}

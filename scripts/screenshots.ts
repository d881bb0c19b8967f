/**
 * Takes pictures of every page while an hour of a generated plant streams in, wide and phone, light and dark, into
 * docs/screenshots: the few that README shows. `--all`: every variant into screenshots/, the fleet on a wall too, and
 * pages that are empty, stale or could not read.
 */
import { mkdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { foresight, launch } from "../e2e/support/cli.ts";
import { PASSWORD, removeData, startServer } from "../e2e/support/server.ts";
import { ensureChromium } from "./browser.ts";

const SIZES = {
  wide: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
  wall: { width: 2560, height: 1440 },
};
const THEMES = ["dark", "light"] as const;
/** Data counts as stale once the server was silent for ten seconds. */
const STALE_MS = 16_000;
/** The plant's hour takes two minutes; by the time of the pictures its planted faults have begun to tell. */
const SPEED = "30";
const LIVED_MS = 49 * 60_000;
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
const browser = await chromium.launch({
  executablePath: ensureChromium(),
  args: ["--no-sandbox", "--disable-gpu"],
});

/** A page of somebody who is signed in; `before` sees the login. */
async function signedIn(
  options: Parameters<typeof browser.newContext>[0],
  before?: (page: Page) => Promise<void>,
): Promise<Page> {
  const context = await browser.newContext({ baseURL: server.url, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto("/login");
  await before?.(page);
  await page.getByLabel("Username").fill("admin@demo");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname === "/");
  return page;
}

/** Waits until readings of so long a time have come: how fast they do is the machine's. */
async function hasLived(ms: number): Promise<void> {
  const page = await signedIn({});
  for (;;) {
    const { from, to } = (await (await page.request.get("/api/stats")).json()) as {
      from?: string;
      to?: string;
    };
    if (from && to && Date.parse(to) - Date.parse(from) >= ms) break;
    await page.waitForTimeout(1_000);
  }
  await page.context().close();
}

/** Pages of which nothing came, nothing comes any more, or nothing could be read. */
async function shootStates(state: "empty" | "stale" | "error"): Promise<void> {
  const page = await signedIn({ viewport: SIZES.wide, colorScheme: "dark" });
  if (state === "error") await page.route(/\/api\/(assets|alerts|rules|uploads)/, (route) => route.abort());
  for (const { name, path } of PAGES) {
    if (state === "empty" && name === "asset") continue;
    await page.goto(path);
    await page.waitForTimeout(4_000);
    if (state === "stale") server.process.kill("SIGSTOP");
    if (state === "stale") await page.waitForTimeout(STALE_MS);
    await page.screenshot({ path: `${folder}/${name}-${state}.png` });
    if (state === "stale") server.process.kill("SIGCONT");
  }
  await page.context().close();
}

if (all) await shootStates("empty");
const { child, finished } = launch([
  "sensor-ingestor",
  plant,
  "--speed",
  SPEED,
  "--data-dir",
  server.data_dir,
]);
try {
  process.stderr.write("Letting the plant live a while …\n");
  await hasLived(LIVED_MS);
  for (const theme of THEMES)
    for (const [size, viewport] of Object.entries(SIZES)) {
      const wanted = (name: string) =>
        all ? size !== "wall" || name === "fleet" : README.has(`${name}-${size}-${theme}`);
      if (!["login", ...PAGES.map(({ name }) => name)].some(wanted)) continue;
      const shoot = async (page: Page, name: string) => {
        if (wanted(name)) await page.screenshot({ path: `${folder}/${name}-${size}-${theme}.png` });
      };
      const page = await signedIn({ viewport, colorScheme: theme }, (login) => shoot(login, "login"));
      for (const { name, path, before } of PAGES) {
        if (!wanted(name)) continue;
        await page.goto(path);
        await before?.(page);
        await page.waitForTimeout(6_000);
        await shoot(page, name);
      }
      await page.context().close();
    }
  if (all) {
    await shootStates("error");
    await shootStates("stale");
  }
} finally {
  await browser.close();
  child.kill("SIGINT");
  await finished;
  await server.stop();
  await Promise.all([plant, truth].map((file) => rm(file)));
  await removeData(server);
}

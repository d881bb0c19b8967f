import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./support/accessible.ts";
import { expect, test } from "./support/fixtures.ts";
import { ingest, overheated, temperature } from "./support/plant.ts";

/** Four minutes: two at 50 degrees, then two at 70, and a pressure beside it. */
async function twoLevels(page: Page, asset_id: string): Promise<void> {
  await ingest(
    page,
    temperature(asset_id, 240, (before) => (before >= 120 ? 50 : 70)),
  );
  await ingest(
    page,
    temperature(asset_id, 240, (before) => 4 + (before % 7) / 10, `${asset_id}-PRES`).map((reading) => ({
      ...reading,
      sensor_type: "pressure",
      unit: "bar",
    })),
  );
}

const plot = (page: Page, name: string) =>
  page.getByRole("group", { name: new RegExp(`^${name} over time`) });
const sensor = (page: Page, name: string) =>
  page.getByRole("region", { name: "Sensors, table" }).getByRole("row", { name: new RegExp(`^${name}`) });
const live = (page: Page) => page.getByRole("button", { name: "Following live" });
const back = (page: Page) => page.getByRole("button", { name: "Back to live" });
/** The page has taken over from what the server rendered, and takes keys. */
const drawn = (page: Page) => expect(page.getByRole("img", { name: /^TEMP: 70/ })).toBeVisible();

test("a drag over a chart zooms into it, can be undone, and a click leads back to live", async ({
  page,
  server,
  signIn,
}) => {
  test.slow();
  await signIn(page);
  await twoLevels(page, "PUMP-801");
  await page.goto(`${server.url}/assets/PUMP-801`);
  await expect(sensor(page, "TEMP")).toContainText(/50\s*70/);
  const box = (await plot(page, "TEMP").boundingBox())!;
  const drag = async (from: number, to: number, key?: string) => {
    if (key) await page.keyboard.down(key);
    await page.mouse.move(box.x + box.width * from, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * to, box.y + 44, { steps: 8 });
    await page.mouse.up();
    if (key) await page.keyboard.up(key);
  };
  await drag(0.65, 0.85);
  await expect(back(page)).toBeVisible();
  await expect(page).toHaveURL(/from=.*&to=|to=.*&from=/);
  await expect(sensor(page, "TEMP")).toContainText(/70\s*70/);
  await expectAccessible(page, "asset, zoomed in");
  // Shift and a drag moves the range: to the right lies what was before.
  await drag(0.2, 0.9, "Shift");
  await drag(0.2, 0.9, "Shift");
  await expect(sensor(page, "TEMP")).toContainText(/50\s*70/);
  // Two drags that follow each other at once are undone as one.
  const undo = page.getByRole("button", { name: "Undo zoom" });
  for (let left = 3; left > 0 && (await undo.isEnabled()); left--) await undo.click();
  await expect(live(page)).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo zoom" })).toBeDisabled();
  // The wheel zooms with Ctrl alone: without it, the page scrolls.
  await page.mouse.move(box.x + box.width * 0.7, box.y + 40);
  await page.mouse.wheel(0, -200);
  await expect(live(page)).toBeVisible();
  await plot(page, "TEMP").scrollIntoViewIfNeeded();
  const again = (await plot(page, "TEMP").boundingBox())!;
  await page.mouse.move(again.x + again.width * 0.8, again.y + 40);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -400);
  await page.mouse.wheel(0, -400);
  await page.keyboard.up("Control");
  await expect(back(page)).toBeVisible();
  await expect(sensor(page, "TEMP")).toContainText(/70\s*70/);
  await back(page).click();
  await expect(live(page)).toBeVisible();
});

test("the keyboard alone zooms, moves, undoes and follows, and the URL keeps what is shown", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page);
  await twoLevels(page, "PUMP-802");
  await page.goto(`${server.url}/assets/PUMP-802?range=6h`);
  // The keys zoom as soon as it is known what there is.
  await expect(sensor(page, "TEMP")).toContainText(/50\s*70/);
  await expect(page.getByRole("radio", { name: "Last 6 hours" })).toBeChecked();
  await page.keyboard.press("1");
  await expect(page).toHaveURL(/range=15m/);
  await page.keyboard.press("+");
  await expect(page.getByText("7 min shown")).toBeVisible();
  await expect(page).toHaveURL(/range=450s/);
  await expect(live(page)).toBeVisible();
  await page.keyboard.press("[");
  await expect(back(page)).toBeVisible();
  await expect(page).toHaveURL(/from=/);
  await page.reload();
  await drawn(page);
  await expect(back(page)).toBeVisible();
  await page.keyboard.press("l");
  await expect(live(page)).toBeVisible();
  await page.keyboard.press("z");
  await expect(back(page)).toBeVisible();
  await page.keyboard.press("6");
  await expect(page).toHaveURL(/range=all/);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("zoom in, out, all");
});

test("one finger moves the range, two zoom it, and a long press leads the crosshair", async ({
  browser,
  server,
  signIn,
}) => {
  const context = await browser.newContext({ hasTouch: true, viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await signIn(page);
  await twoLevels(page, "PUMP-803");
  await page.goto(`${server.url}/assets/PUMP-803`);
  const temp = plot(page, "TEMP");
  await drawn(page);
  await temp.evaluate((element) => element.scrollIntoView({ block: "center" }));
  const box = (await temp.boundingBox())!;
  const y = box.y + box.height / 2;
  const cdp = await context.newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...at: number[]) =>
    cdp.send("Input.dispatchTouchEvent", { type, touchPoints: at.map((x, id) => ({ x, y, id })) });

  await touch("touchStart", 150, 200);
  for (let i = 1; i <= 8; i++) await touch("touchMove", 150 - i * 8, 200 + i * 8);
  await touch("touchEnd");
  await expect(back(page)).toBeVisible();
  await expect(page).toHaveURL(/from=/);
  const shown = () => new URL(page.url()).searchParams.get("from")!;
  // The URL follows a gesture a little later.
  let before = "";
  const settled = () => {
    const same = shown() === before;
    before = shown();
    return same;
  };
  await expect.poll(settled, { intervals: [1_000] }).toBe(true);
  await touch("touchStart", 120);
  for (let i = 1; i <= 8; i++) await touch("touchMove", 120 + i * 8);
  await touch("touchEnd");
  await expect.poll(() => Date.parse(shown())).toBeLessThan(Date.parse(before));

  await temp.focus();
  await touch("touchStart", 180);
  await expect(temp.getByRole("status")).toContainText("°C");
  await touch("touchEnd");
  await context.close();
});

test("sensors are laid over each other as the URL says, five at most, and taken out again", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page);
  await twoLevels(page, "PUMP-804");
  await page.goto(`${server.url}/assets/PUMP-804`);
  await page.getByRole("button", { name: "Overlay", exact: true }).click();
  await page.getByRole("menuitemcheckbox", { name: "TEMP" }).click();
  await page.getByRole("menuitemcheckbox", { name: "PRES" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("img", { name: "Overlay of TEMP, PRES of PUMP-804" })).toBeVisible();
  await expect(page.getByText("each from its lowest to its highest")).toBeVisible();
  await expect(page).toHaveURL(/overlay=PUMP-804-TEMP%2CPUMP-804-PRES/);
  await page.reload();
  await expectAccessible(page, "asset with an overlay");
  await page.getByRole("button", { name: "Take PRES out of the overlay" }).click();
  await expect(page.getByRole("img", { name: "Overlay of TEMP of PUMP-804" })).toBeVisible();
  await page.getByRole("button", { name: "Take TEMP out of the overlay" }).click();
  await expect(page.getByRole("img", { name: /^Overlay/ })).toBeHidden();
});

test("the shown range is exported as CSV and as a picture", async ({ page, server, signIn }) => {
  await signIn(page);
  await twoLevels(page, "PUMP-805");
  const now = Date.now();
  const from = new Date(now - 100_000).toISOString();
  const to = new Date(now - 60_000).toISOString();
  await page.goto(
    `${server.url}/assets/PUMP-805?${new URLSearchParams({ from, to, overlay: "PUMP-805-TEMP,PUMP-805-PRES" })}`,
  );
  await expect(sensor(page, "TEMP")).toContainText(/70\s*70/);
  const [csv] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("e")]);
  const rows = (await readFile(await csv.path(), "utf8")).trim().split("\n").slice(1);
  expect(rows.length).toBeGreaterThan(70);
  expect(rows.length).toBeLessThan(84);
  for (const row of rows) expect(row >= from.slice(0, 19) && row <= to).toBe(true);
  await page.getByRole("button", { name: "Export" }).click();
  const [png] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "The charts as PNG" }).click(),
  ]);
  expect(png.suggestedFilename()).toBe("PUMP-805.png");
  const picture = await readFile(await png.path());
  expect(picture.subarray(1, 4).toString()).toBe("PNG");
  // Wider than a phone, as high as its lanes.
  expect(picture.readUInt32BE(16)).toBeGreaterThan(600);
  expect(picture.readUInt32BE(20)).toBeGreaterThan(400);
});

test("the charts begin shortly before an alert, or at times typed by the plant's clock", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page);
  await ingest(page, overheated("PUMP-806"));
  await page.goto(`${server.url}/assets/PUMP-806`);
  const since = page.getByRole("button", { name: "Since alert" });
  await since.click();
  await page
    .getByRole("menuitem", { name: /critical|above/i })
    .first()
    .click();
  await expect(page).toHaveURL(/since=/);
  await expect(live(page)).toBeVisible();
  await page.getByRole("button", { name: "Custom" }).click();
  const dialog = page.getByRole("dialog", { name: "Custom range" });
  await expectAccessible(page, "custom range");
  await dialog.getByLabel(/^From/).fill("2026-03-03T10:00:00");
  await dialog.getByLabel("To").fill("2026-03-03T09:00:00");
  await dialog.getByRole("button", { name: "Show" }).click();
  await expect(dialog).toContainText("The end has to lie after the beginning.");
  await dialog.getByLabel("To").fill("2026-03-03T11:30:00");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("1 h 30 min shown")).toBeVisible();
  await expect(page).toHaveURL(/from=2026-03-03T/);
});

test("a page that was asleep draws what came meanwhile", async ({ page, context, server, signIn }) => {
  await signIn(page);
  await ingest(
    page,
    temperature("PUMP-807", 60, () => 50).map((reading) => ({
      ...reading,
      timestamp: new Date(Date.parse(reading.timestamp) - 10_000).toISOString(),
    })),
  );
  await page.goto(`${server.url}/assets/PUMP-807`);
  await expect(page.getByRole("img", { name: /^TEMP: 50/ })).toBeVisible();
  const other = await context.newPage();
  await other.goto(`${server.url}/upload`);
  const cdp = await context.newCDPSession(page);
  await cdp.send("Page.setWebLifecycleState", { state: "frozen" });
  await ingest(
    other,
    temperature("PUMP-807", 2, (before) => (before === 0 ? 77 : 60)),
  );
  await cdp.send("Page.setWebLifecycleState", { state: "active" });
  await page.bringToFront();
  await expect(page.getByRole("img", { name: /^TEMP: 77/ })).toBeVisible();
  const temp = plot(page, "TEMP");
  await temp.focus();
  await page.keyboard.press("ArrowLeft");
  await expect(temp.getByRole("status")).toContainText("77 °C");
  await page.keyboard.press("ArrowLeft");
  await expect(temp.getByRole("status")).toContainText("60 °C");
});

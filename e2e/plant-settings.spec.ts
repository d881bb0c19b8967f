import type { Page } from "@playwright/test";
import { expectAccessible } from "./support/accessible.ts";
import { expect, test } from "./support/fixtures.ts";
import { ingest, overheated, temperature } from "./support/plant.ts";

const AS_IT_WAS = { time_zone: null, units: {} };

async function putSettings(page: Page, settings: object): Promise<void> {
  const status = await page.evaluate(
    async (body) =>
      (
        await fetch("/api/settings", {
          method: "PUT",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        })
      ).status,
    settings,
  );
  expect(status).toBe(200);
}

test.afterEach(({ page }) => putSettings(page, AS_IT_WAS));

test("an admin sees by examples what a zone and a unit would show, saves them by keyboard and takes it back", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page);
  await ingest(
    page,
    temperature("PUMP-401", 1, () => 60),
  );
  await page.goto(`${server.url}/settings`);
  const plant = page.getByRole("region", { name: "Time zone and units" });
  const save = plant.getByRole("button", { name: "Save" });
  const zone = plant.getByRole("combobox", { name: "Time zone of the plant" });
  const row = plant.getByRole("row", { name: /^Temperature/ });
  // The example is the first sensor of the fleet, which other tests may have brought.
  await expect(row).toContainText(/\d\s°C\s*$/);
  const celsius = Number(/(-?[\d.]+)\s°C/.exec(await row.innerText())![1]);
  const fahrenheit = new RegExp(`${Math.floor(celsius * 1.8 + 32)}(\\.\\d)?\\s°F`);
  await expect(save).toBeDisabled();

  await zone.fill("Mars/Olympus");
  await expect(plant.getByText("Name a zone of the list")).toBeVisible();
  await expect(save).toBeDisabled();
  await zone.fill("Europe/Berlin");
  await expect(plant.getByText(/^Now .* CES?T$/)).toBeVisible();
  await row.getByRole("combobox", { name: "Unit of temperature, Units of the plant" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("option", { name: "°F" }).press("Enter");
  await expect(row).toContainText(fahrenheit);
  await expect(plant.getByText("Changed, not saved yet")).toBeVisible();
  await expectAccessible(page, "settings, changed", "#plant");
  await save.press("Enter");
  await expect(plant.getByText(/Saved \d\d:\d\d CES?T by admin@demo/)).toBeVisible();
  await expect(page.getByRole("banner")).toContainText(/\d\d:\d\d:\d\d CES?T/);
  await expect(row).toContainText(fahrenheit);

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(zone).toHaveValue("");
  await expect(row).toContainText(`${celsius} °C`);
});

test("values, limits, alerts and times follow the plant's settings, and what is stored stays as it came", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page);
  await ingest(page, overheated("PUMP-402"));
  await putSettings(page, { time_zone: "Europe/Berlin", units: { temperature: "fahrenheit" } });
  await page.goto(`${server.url}/assets/PUMP-402`);
  await expect(page.getByRole("img", { name: /^TEMP: 266 °F/ })).toBeVisible();
  await page.goto(`${server.url}/alerts`);
  const alert = page.getByRole("row", { name: /Temperature 266 °F above .* limit .*PUMP-402/ }).first();
  await expect(alert).not.toContainText("°C");
  await expect(page.getByRole("columnheader", { name: /^Since ?, CES?T/ })).toBeVisible();
  const csv = await page.evaluate(async () =>
    (await fetch("/api/assets/PUMP-402/readings?format=csv")).text(),
  );
  expect(csv).toContain(",130,celsius,good");
});

test("who only reads sees the plant's units as they come in, and may not change them", async ({
  browser,
  page,
  server,
  signIn,
}) => {
  await signIn(page);
  await putSettings(page, { time_zone: "Europe/Berlin", units: { temperature: "fahrenheit" } });
  const viewer = await (await browser.newContext()).newPage();
  await signIn(viewer, "viewer@demo");
  await ingest(
    page,
    temperature("PUMP-403", 1, () => 20),
  );
  await expect(viewer.getByRole("row", { name: /PUMP-403/ })).toContainText(/68\s*°F/);
  await viewer.goto(`${server.url}/settings`);
  const plant = viewer.getByRole("region", { name: "Time zone and units" });
  await expect(plant.getByRole("combobox", { name: "Time zone of the plant" })).not.toBeEditable();
  await expect(plant.getByRole("button", { name: "Save" })).toHaveCount(0);
  await expect(viewer.getByRole("cell", { name: /^above .* °F$/ }).first()).toBeVisible();
  await viewer.context().close();
});

test("a person sees other units than the plant's, at once and on every page, and nobody else does", async ({
  browser,
  page,
  server,
  signIn,
}) => {
  await signIn(page, "admin@demo");
  await putSettings(page, { time_zone: null, units: { temperature: "fahrenheit" } });
  await ingest(
    page,
    temperature("PUMP-404", 1, () => 20),
  );
  const viewer = await (await browser.newContext()).newPage();
  await signIn(viewer, "viewer@demo");
  await viewer.goto(`${server.url}/settings`);
  const own = viewer.getByRole("region", { name: "Units for you" }).first();
  const row = own.getByRole("row", { name: /^Temperature/ });
  await expect(row).toContainText("°F");
  const unit = row.getByRole("combobox", { name: "Unit of temperature, Units for you" });
  await unit.press("Enter");
  await viewer.getByRole("option", { name: "K", exact: true }).press("Enter");
  await expect(row).toContainText(/\d\sK/);
  await expect(unit).toBeFocused();
  await expect(viewer.getByRole("cell", { name: /^above .* K$/ }).first()).toBeVisible();
  await expectAccessible(viewer, "settings, units for one", "#own-units");
  await viewer.goto(`${server.url}/assets/PUMP-404`);
  await expect(viewer.getByRole("img", { name: /^TEMP: 293\.[12] K/ })).toBeVisible();
  await viewer.context().close();
  await page.goto(`${server.url}/assets/PUMP-404`);
  await expect(page.getByRole("img", { name: /^TEMP: 68 °F/ })).toBeVisible();
});

import { expect, test } from "./support/fixtures.ts";

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
  const send = page.getByRole("region", { name: "Check shift.csv" }).getByRole("button", { name: "Upload" });
  await send.click();
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
  await send.click();
  // The unfolded row of rejects names the file too, but does not begin with it.
  await expect(uploads.getByRole("row", { name: /^shift\.csv/ })).toHaveCount(2);
  await page.goto(`${server.url}/`);
  await expect(page.getByRole("row", { name: /PUMP-201/ })).toContainText("41.5");
});

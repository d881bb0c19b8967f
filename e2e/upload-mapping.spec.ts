import { expectAccessible } from "./support/accessible.ts";
import { expect, test } from "./support/fixtures.ts";

const csv = (name: string, text: string | Buffer) => ({
  name,
  mimeType: "text/csv",
  buffer: typeof text === "string" ? Buffer.from(text) : text,
});

test("a file of other names is shown, mapped and sent with its zone and decimals; what is refused is told before and after", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page, "operator@demo");
  await page.goto(`${server.url}/upload`);
  let sent = 0;
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().includes("/api/uploads")) sent += 1;
  });
  const text =
    "\uFEFFZeit;Maschine;Kanal;Wert\r\n03.03.2026 12:00;KILN-7;KILN-7-T;40,5\r\n29.03.2026 02:30;KILN-7;KILN-7-T;41\r\n";
  await page.getByLabel("CSV file").setInputFiles(csv("schicht.csv", text));
  const check = page.getByRole("region", { name: "Check schicht.csv" });
  await expect(check.getByRole("heading", { name: "Check schicht.csv" })).toBeFocused();
  await expect(check.getByRole("status")).toHaveText("Still missing: the type; the unit.");
  await expect(check.getByRole("button", { name: "Upload" })).toBeDisabled();
  await expect(
    check.getByRole("region", { name: "First rows as they stand in the file, table" }),
  ).toContainText("40,5");
  await check.getByRole("textbox", { name: "The type of all rows" }).fill("temperature");
  await check.getByRole("textbox", { name: "The unit of all rows" }).fill("celsius");
  const zone = check.getByRole("combobox", { name: "Time zone of the file" });
  await zone.fill("Europe/Berlin");
  const preview = check.getByRole("region", { name: "First rows as they will be read, table" });
  await expect(preview.getByRole("row", { name: /^2 / })).toContainText("40.5");
  await expect(preview.getByRole("row", { name: /^3 / })).toContainText("never showed 29.03.2026 02:30");
  await expect(check.getByRole("status")).toHaveText("All 2 rows give 1 reading and 1 reject.");
  await expectAccessible(page, "a file that is checked");
  expect(sent).toBe(0);
  await check.getByRole("button", { name: "Upload" }).press("Enter");
  const uploads = page.getByRole("region", { name: "Uploads, newest first, table" });
  await expect(uploads.getByRole("row", { name: /^schicht\.csv Done/ })).toBeVisible();
  await expect(check).toHaveCount(0);
  await uploads.getByRole("button", { name: "1 reject" }).click();
  await expect(page.getByRole("region", { name: "Rejected rows of schicht.csv, table" })).toContainText(
    "29.03.2026 02:30;KILN-7;KILN-7-T;41",
  );
  const points = await page.evaluate(async () => {
    for (;;) {
      const answer = await fetch("/api/assets/KILN-7/readings?sensor_id=KILN-7-T");
      if (answer.ok) return ((await answer.json()) as { points: unknown }).points;
    }
  });
  expect(points).toMatchObject([{ timestamp: "2026-03-03T11:00:00.000Z", value: 40.5 }]);
});

test("a file with a column for each sensor needs no more than its asset, and one that is none says why", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page, "operator@demo");
  await page.goto(`${server.url}/upload`);
  const input = page.getByLabel("CSV file");
  await input.setInputFiles([
    csv("empty.csv", ""),
    csv("latin.csv", Buffer.from("Zeit;Größe\n", "latin1")),
    csv("wide.csv", "time,Temp [°C],p (bar)\n2026-01-01T00:00:00Z,20,3\n2026-01-01T00:01:00Z,,4\n"),
  ]);
  await expect(page.getByText("2 further files wait to be checked.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Check empty.csv" })).toContainText("The file is empty.");
  await page.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("region", { name: "Check latin.csv" })).toContainText("not UTF-8");
  await page.getByRole("button", { name: "Close" }).click();
  const check = page.getByRole("region", { name: "Check wide.csv" });
  await expect(check.getByRole("status")).toHaveText("Still missing: the asset.");
  await check.getByRole("textbox", { name: "The asset of all rows" }).fill("PRESS-9");
  await expect(check.getByRole("status")).toHaveText("All 2 rows give 3 readings.");
  await expect(check.getByRole("row", { name: /^3 .*PRESS-9-P .*4 bar/ })).toBeVisible();
  await check.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByRole("row", { name: /^wide\.csv Done .* 3 0 0 / })).toBeVisible();
});

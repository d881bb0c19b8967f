import { expectAccessible } from "./support/accessible.ts";
import { expect, test } from "./support/fixtures.ts";
import { ingest, temperature } from "./support/plant.ts";

test("a reader that was paused reads everything once afterwards, over each transport, and the code asks for the same", async ({
  page,
  server,
  signIn,
}) => {
  await signIn(page);
  await page.goto(`${server.url}/realtime-test`);
  await page.getByLabel("Assets").fill("PUMP-901, PUMP-902");
  await page.getByLabel("Max rate").fill("50");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "A client in code" })).toContainText(
    'assets: ["PUMP-901", "PUMP-902"]',
  );
  await expect(page.getByRole("region", { name: "A client in code" })).toContainText("max_rate: 50");
  // Without a rate every reading comes.
  await page.getByLabel("Max rate").fill("");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  for (const [i, transport] of ["Socket.IO", "WebSocket", "Polling"].entries()) {
    await page.getByRole("radio", { name: transport }).click();
    await expect(page.getByText("Connected", { exact: true })).toBeVisible();
    const before = await page.getByTestId("readings-count").innerText();
    await page.getByRole("button", { name: "Pause reader" }).click();
    await ingest(
      page,
      temperature("PUMP-901", 5, () => 40 + i, `PUMP-901-T${i}`),
    );
    const waiting = page.getByText("Not read yet").locator("xpath=following-sibling::dd");
    await expect(waiting).toHaveText(/^[1-9]\d* messages?$/);
    expect(await page.getByTestId("readings-count").innerText()).toBe(before);
    if (i === 0) await expectAccessible(page, "realtime test, reader paused");
    await page.getByRole("button", { name: "Read on" }).click();
    await expect(page.getByTestId("readings-count")).toHaveText(/\b5\b/);
    await expect(waiting).toHaveText("none");
    // Another transport is another client, which begins with what the store has not taken yet.
    await expect
      .poll(() =>
        page.evaluate(
          async (sensor_id) =>
            (await (await fetch(`/api/assets/PUMP-901/readings?sensor_id=${sensor_id}&format=csv`)).text())
              .trim()
              .split("\n").length,
          `PUMP-901-T${i}`,
        ),
      )
      .toBe(6);
  }
});

import { expect, type Page } from "@playwright/test";

interface Sent {
  asset_id: string;
  sensor_id: string;
  sensor_type: string;
  unit: string;
  value: number;
  timestamp: string;
}

/** Readings of a temperature, one a second up to now; `value` of the seconds before now. */
export function temperature(
  asset_id: string,
  seconds: number,
  value: (before: number) => number,
  sensor_id = `${asset_id}-TEMP`,
): Sent[] {
  const now = Date.now();
  return Array.from({ length: seconds }, (_, i) => ({
    asset_id,
    sensor_id,
    sensor_type: "temperature",
    unit: "celsius",
    value: value(seconds - 1 - i),
    timestamp: new Date(now - (seconds - 1 - i) * 1_000).toISOString(),
  }));
}

/** Posts readings as the signed-in page itself may, and waits until their assets have pages. */
export async function ingest(page: Page, readings: Sent[]): Promise<void> {
  const status = await page.evaluate(
    async (body) =>
      (
        await fetch("/api/ingest", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        })
      ).status,
    readings,
  );
  expect(status).toBe(202);
  for (const asset_id of new Set(readings.map((reading) => reading.asset_id)))
    await expect
      .poll(() =>
        page.evaluate(async (id) => (await fetch(`/api/assets/${encodeURIComponent(id)}`)).status, asset_id),
      )
      .toBe(200);
}

/** A minute of readings; in its last half past the critical limit of 90. */
export const overheated = (asset_id: string) =>
  temperature(asset_id, 60, (before) => (before > 30 ? 60 : 130));

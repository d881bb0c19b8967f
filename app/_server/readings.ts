import type { Reading } from "../../lib/domain/reading.ts";
import { type EpochMs, formatTimestamp } from "../../lib/domain/time.ts";
import type { App } from "../../lib/runtime/handle.ts";
import { READING_HEADER, readingLine } from "./csv.ts";

const PAGE = 5_000;

interface Stretch {
  asset_id: string;
  sensor_id: string;
  from?: EpochMs | undefined;
  to?: EpochMs | undefined;
}

/** Every reading of a sensor in order of time, a page at a time. */
async function* pages(store: App["store"], tenant_id: string, of: Stretch): AsyncGenerator<Reading[]> {
  for (let after: EpochMs | undefined; ; ) {
    const page = await store.page(tenant_id, { ...of, ...(after !== undefined && { after }), limit: PAGE });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)!.timestamp;
  }
}

/** The CSV of one sensor after the other. */
export async function* csvOf(
  store: App["store"],
  tenant_id: string,
  stretches: Stretch[],
): AsyncGenerator<string> {
  yield READING_HEADER;
  for (const stretch of stretches)
    for await (const page of pages(store, tenant_id, stretch)) yield page.map(readingLine).join("");
}

/** The JSON answer with every reading as a point of its own. */
export async function* jsonOf(
  store: App["store"],
  tenant_id: string,
  stretch: Stretch,
  unit: string,
): AsyncGenerator<string> {
  const { asset_id, sensor_id } = stretch;
  const head = JSON.stringify({ asset_id, sensor_id, unit });
  yield `${head.slice(0, -1)},"points":[`;
  let separator = "";
  for await (const page of pages(store, tenant_id, stretch)) {
    yield separator + page.map(pointOf).join(",");
    separator = ",";
  }
  yield "]}";
}

function pointOf({ timestamp, value, quality }: Reading): string {
  const at = formatTimestamp(timestamp);
  return JSON.stringify({ timestamp: at, until: at, value, min: value, max: value, count: 1, quality });
}

import type { Receivers, Target } from "./processes.ts";

const SENSORS = ["TEMP", "VIB", "PRES", "FLOW", "SPEED", "CURR"];

/** Bodies of `count` readings of a plant of 50 assets × 6 sensors in time order; each reading about 190 bytes. */
export function* bodies(
  count: number,
  batch: number,
  start = Date.UTC(2024, 0, 1),
): Generator<{ body: string; readings: number }> {
  let lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const series = i % 300;
    const asset = `PUMP-${String(Math.floor(series / 6) + 1).padStart(3, "0")}`;
    const time = new Date(start + Math.floor(i / 300) * 1_000).toISOString();
    const value = Math.round((60 + 5 * Math.sin(i / 777) + series / 100) * 100) / 100;
    lines.push(
      `{"asset_id":"${asset}","sensor_id":"${asset}-${SENSORS[series % 6]}","sensor_type":"signal","value":${value},"unit":"celsius","quality":"good","timestamp":"${time}"}`,
    );
    if (lines.length === batch || i === count - 1) {
      yield { body: `${lines.join("\n")}\n`, readings: lines.length };
      lines = [];
    }
  }
}

let days = 0;
/** A start of event time that no earlier run of this process has used: the same readings again would be duplicates. */
const freshStart = () => Date.UTC(2024, 0, 1) + days++ * 86_400_000;

export async function post(target: Target, body: string): Promise<void> {
  for (;;) {
    const response = await fetch(target.url + target.ingest_path, {
      method: "POST",
      headers: target.headers,
      body,
    });
    await response.arrayBuffer();
    if (response.ok) return;
    if (response.status !== 429 && response.status !== 503)
      throw new Error(`${target.name} answered ${response.status}`);
    await new Promise((resolve) =>
      setTimeout(resolve, 1_000 * Number(response.headers.get("retry-after") ?? 1)),
    );
  }
}

/**
 * Sends as fast as all receivers follow: at most `window` readings are on the way at any moment, so the rate found
 * is the highest that is sustained with nothing dropped.
 * @returns readings a second, over the time from the first send to the last reading at the last receiver
 */
export async function saturate(
  target: Target,
  receivers: Receivers,
  options: { batch: number; window: number; seconds: number },
): Promise<{ rate: number; sent: number; seconds: number }> {
  const base = receivers.latest.least;
  const started = performance.now();
  let sent = 0;
  for (const { body, readings } of bodies(Number.MAX_SAFE_INTEGER, options.batch, freshStart())) {
    if (performance.now() - started > options.seconds * 1_000) break;
    await receivers.until((report) => base + sent - report.least <= options.window - readings);
    await post(target, body);
    sent += readings;
  }
  await receivers.until((report) => report.least - base >= sent);
  const seconds = (performance.now() - started) / 1_000;
  return { rate: sent / seconds, sent, seconds };
}

/** Sends a steady rate in batches of a tenth of a second, as the ingestor does. */
export async function steady(target: Target, rate: number, seconds: number): Promise<number> {
  const started = performance.now();
  const batch = Math.max(1, Math.round(rate / 10));
  let sent = 0;
  for (const { body, readings } of bodies(rate * seconds, batch, freshStart())) {
    const due = (sent / rate) * 1_000 - (performance.now() - started);
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
    await post(target, body);
    sent += readings;
  }
  return sent;
}

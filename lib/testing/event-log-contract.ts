import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LogPosition } from "../domain/log-position.ts";
import type { Reading } from "../domain/reading.ts";
import type { EventLog, LogBatch } from "../ports/event-log.ts";
import { collect, gapIn } from "./log-collector.ts";

/** One adapter on records of its own. */
export interface LogUnderTest {
  /** Started. */
  log: EventLog;
  /** Stops the log and starts another on the same records. */
  restart(): Promise<EventLog>;
  /** Lets the log's clock go on by at least a millisecond. */
  later(): Promise<void>;
  /** Stops and removes everything. */
  dispose(): Promise<void>;
}

export interface LogFeatures {
  /** The log itself remembers idempotency keys, with the append. */
  idempotency_keys: boolean;
  /** An append's records may be in several partitions, each with its own time of receipt (none before the append's). */
  partitioned?: boolean;
}

/** Readings of `assets` assets, told apart by their value. */
export function readingsOf(count: number, from = 0, assets = 3): Reading[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    const asset_id = `PUMP-${String(n % assets).padStart(3, "0")}`;
    return {
      asset_id,
      sensor_id: `${asset_id}-TEMP`,
      sensor_type: "temperature",
      value: n,
      unit: "celsius",
      quality: "good",
      timestamp: Date.UTC(2024, 0, 1) + n * 1_000,
    };
  });
}

type Batch = LogBatch<"sensor_readings">;
type Record = { partition: number; offset: number; tenant_id: string; received_at: number; value: Reading };

function recordsOf(batches: Batch[]): Record[] {
  return batches.flatMap(({ partition, first_offset, tenant_id, received_at, values }) =>
    values.map((value, i) => ({ partition, offset: first_offset + i, tenant_id, received_at, value })),
  );
}

/** Order is kept within each partition only. */
const inOrder = (records: Record[]): Record[] =>
  [...records].sort((a, b) => a.partition - b.partition || a.offset - b.offset);

async function readAll(log: EventLog, from: LogPosition, max_values: number) {
  const batches: Batch[] = [];
  const positions = [from];
  for (;;) {
    const read = await log.read("sensor_readings", positions.at(-1)!, max_values);
    if (read.batches.length === 0) return { batches, positions };
    batches.push(...read.batches);
    positions.push(read.position);
  }
}

/** Per asset, since an asset is in one partition: the values in the order of the log. */
function byAsset(readings: Reading[]): Map<string, number[]> {
  const values = new Map<string, number[]>();
  for (const { asset_id, value } of readings) values.set(asset_id, [...(values.get(asset_id) ?? []), value]);
  return values;
}

/** What every event log must do, whatever it is kept in. `open` gives one without records. */
export function describeEventLog(
  name: string,
  open: () => Promise<LogUnderTest>,
  features: LogFeatures,
): void {
  describe(`${name} as an event log`, () => {
    let under: LogUnderTest;
    let log: EventLog;
    beforeEach(async () => {
      under = await open();
      log = under.log;
    });
    afterEach(() => under.dispose());

    const append = (count: number, from = 0, tenant = "acme") => log.append(tenant, readingsOf(count, from));

    it("is empty at first, and its head is its earliest", async () => {
      expect(await log.head("sensor_readings")).toEqual(await log.earliest("sensor_readings"));
      const { batches } = await readAll(log, await log.earliest("sensor_readings"), 100);
      expect(batches).toEqual([]);
    });

    it("keeps what is appended: order within each asset, dense offsets, tenant, time and every field", async () => {
      const first = await append(7);
      const second = await append(5, 7, "globex");
      expect(first).toMatchObject({ accepted: 7, duplicate: false });
      expect(second.received_at).toBeGreaterThanOrEqual(first.received_at);
      const { batches, positions } = await readAll(log, await log.earliest("sensor_readings"), 100);
      expect(gapIn(new Map(), batches)).toBeUndefined();
      const records = recordsOf(batches);
      const of = (tenant: string) =>
        byAsset(records.filter(({ tenant_id }) => tenant_id === tenant).map(({ value }) => value));
      expect(of("acme")).toEqual(byAsset(readingsOf(7)));
      expect(of("globex")).toEqual(byAsset(readingsOf(5, 7)));
      for (const { tenant_id, received_at, value } of records) {
        const of = value.value < 7 ? first : second;
        expect(tenant_id).toBe(value.value < 7 ? "acme" : "globex");
        if (features.partitioned) expect(received_at).toBeGreaterThanOrEqual(of.received_at);
        else expect(received_at).toBe(of.received_at);
        expect(value).toEqual(readingsOf(1, value.value)[0]);
      }
      expect(positions.at(-1)).toEqual(await log.head("sensor_readings"));
    });

    it("keeps optional fields, qualities, text beyond ASCII and values bit for bit", async () => {
      const base = readingsOf(1)[0]!;
      const odd: Reading[] = [
        { ...base, asset_type: "pump", quality: "bad", value: -0 },
        { ...base, quality: "uncertain", value: 0.1 + 0.2, unit: "µm/s" },
        { ...base, sensor_id: "PUMP-000-温度", value: 1e-300, timestamp: Date.UTC(2000, 0, 1) },
      ];
      await log.append("acme", odd);
      const { batches } = await readAll(log, await log.earliest("sensor_readings"), 100);
      expect(recordsOf(batches).map(({ value }) => value)).toEqual(odd);
    });

    it("goes on from every position: no record is missing and none comes twice", async () => {
      for (let i = 0; i < 4; i++) await append(5, i * 5);
      const { batches, positions } = await readAll(log, await log.earliest("sensor_readings"), 1);
      const all = inOrder(recordsOf(batches));
      expect(all).toHaveLength(20);
      for (const position of positions) {
        const due = all.filter(({ partition, offset }) => offset >= (position.next[partition] ?? 0));
        const rest = await readAll(log, position, 7);
        expect(inOrder(recordsOf(rest.batches))).toEqual(due);
        const collector = await collect(log, "sensor_readings", { at: position });
        await collector.until(due.length);
        expect(inOrder(recordsOf(collector.batches))).toEqual(due);
        await collector.stop();
      }
    });

    it("gives about as many values as asked for", async () => {
      await append(50);
      const { batches } = await log.read("sensor_readings", await log.earliest("sensor_readings"), 10);
      expect(recordsOf(batches).length).toBeGreaterThan(0);
      expect(recordsOf(batches).length).toBeLessThanOrEqual(20);
    });

    it("answers an append with the position behind it", async () => {
      const { position } = await append(3);
      expect(await log.head("sensor_readings")).toEqual(position);
      await append(2, 3);
      const { batches } = await readAll(log, position, 10);
      expect(recordsOf(batches).map(({ value }) => value.value)).toEqual([3, 4]);
    });

    it("takes an append of no readings as nothing", async () => {
      expect(await log.append("acme", [])).toMatchObject({ accepted: 0, duplicate: false });
      expect((await append(2)).accepted).toBe(2);
      expect((await readAll(log, await log.earliest("sensor_readings"), 10)).batches).toHaveLength(1);
    });

    it("follows what is appended from the head on, while others are still behind", async () => {
      await append(3);
      const head = await collect(log, "sensor_readings", "head");
      const earliest = await collect(log, "sensor_readings", "earliest");
      await append(4, 3);
      await Promise.all([head.until(4), earliest.until(7)]);
      expect(byAsset(head.values())).toEqual(byAsset(readingsOf(4, 3)));
      expect(byAsset(earliest.values())).toEqual(byAsset(readingsOf(7)));
    });

    it("begins with `since` at the first record received then", async () => {
      await append(3);
      await under.later();
      const { received_at } = await append(3, 3);
      await under.later();
      await append(3, 6);
      const collector = await collect(log, "sensor_readings", { since: received_at });
      await collector.until(6);
      expect(byAsset(collector.values())).toEqual(byAsset(readingsOf(6, 3)));
      const none = await collect(log, "sensor_readings", { since: received_at + 86_400_000 });
      const last = await append(1, 9);
      await none.until(1);
      expect(none.values()).toEqual(readingsOf(1, 9));
      await expect.poll(() => none.position()).toEqual(last.position);
    });

    it("[bad input 18] refuses a position of another log, beyond the end, or that is no offset", async () => {
      await append(3);
      const head = await log.head("sensor_readings");
      const [partition, offset] = Object.entries(head.next)[0]! as unknown as [number, number];
      const bad: LogPosition[] = [
        { ...head, log_id: "another" },
        { ...head, next: { ...head.next, [partition]: offset + 1_000_000 } },
        { ...head, next: { ...head.next, [partition]: -1 } },
        { ...head, next: { ...head.next, [partition]: 0.5 } },
      ];
      for (const position of bad) {
        await expect(log.read("sensor_readings", position, 10)).rejects.toMatchObject({
          code: "invalid_request",
        });
        await expect(
          log.subscribe("sensor_readings", { at: position }, () => undefined),
        ).rejects.toMatchObject({ code: "invalid_request" });
      }
    });

    it("waits for a slow handler, and gives a failing one the same records again", async () => {
      let failures = 2;
      let seen: Record[] | undefined;
      const collector = await collect(log, "sensor_readings", "head", async (batches) => {
        await new Promise((resolve) => setImmediate(resolve));
        if (failures === 0) return;
        const records = recordsOf(batches);
        if (seen !== undefined) expect(records).toEqual(seen);
        seen = records;
        failures--;
        throw new Error("The handler's own failure.");
      });
      for (let i = 0; i < 5; i++) await append(2, i * 2);
      await collector.until(10);
      expect(failures).toBe(0);
      expect(byAsset(collector.values())).toEqual(byAsset(readingsOf(10)));
    });

    it("counts as its position only what the handler has completed", async () => {
      let release = () => {};
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      const before = await log.head("sensor_readings");
      const collector = await collect(log, "sensor_readings", "head", () => gate);
      const { position } = await append(2);
      expect(collector.position()).toEqual(before);
      release();
      await collector.until(2);
      await expect.poll(() => collector.position()).toEqual(position);
    });

    it("is the same after a restart: identity, records, and where a subscriber goes on", async () => {
      await append(4);
      const collector = await collect(log, "sensor_readings", "earliest");
      await collector.until(4);
      await collector.stop();
      const before = await readAll(log, await log.earliest("sensor_readings"), 100);
      const head = await log.head("sensor_readings");
      log = await under.restart();
      expect(await log.head("sensor_readings")).toEqual(head);
      expect(recordsOf((await readAll(log, before.positions[0]!, 100)).batches)).toEqual(
        recordsOf(before.batches),
      );
      const next = await append(3, 4);
      expect(next.received_at).toBeGreaterThanOrEqual(before.batches.at(-1)!.received_at);
      const resumed = await collect(log, "sensor_readings", { at: collector.position() });
      await resumed.until(3);
      expect(byAsset(resumed.values())).toEqual(byAsset(readingsOf(3, 4)));
    });

    it("delivers to nobody after `stop`, and stops twice without complaint", async () => {
      const collector = await collect(log, "sensor_readings", "head");
      await append(1);
      await collector.until(1);
      await collector.stop();
      await collector.stop();
      await append(1, 1);
      expect(collector.values()).toHaveLength(1);
      await log.stop();
      await log.stop();
      await expect(log.append("acme", readingsOf(1))).rejects.toMatchObject({ name: "ForesightError" });
    });

    it("gives every subscriber what was appended, however appends, reads and resumes fall", async () => {
      const steps = fc.array(
        fc.oneof(
          { weight: 4, arbitrary: fc.record({ append: fc.integer({ min: 1, max: 40 }) }) },
          { weight: 2, arbitrary: fc.record({ burst: fc.integer({ min: 2, max: 6 }) }) },
          { weight: 1, arbitrary: fc.constant({ resume: true as const }) },
          { weight: 1, arbitrary: fc.record({ read: fc.integer({ min: 1, max: 60 }) }) },
        ),
        { minLength: 1, maxLength: 12 },
      );
      let n = 0;
      await fc.assert(
        fc.asyncProperty(steps, async (plan) => {
          const begin = await log.head("sensor_readings");
          const from = n;
          let seen: Reading[] = [];
          let collector = await collect(log, "sensor_readings", { at: begin });
          for (const step of plan) {
            if ("append" in step) {
              await append(step.append, n);
              n += step.append;
            } else if ("burst" in step) {
              // One asset each, so that the order of concurrent appends does not matter.
              await Promise.all(
                Array.from({ length: step.burst }, (_, i) =>
                  log.append("acme", [{ ...readingsOf(1, n + i)[0]!, asset_id: `BURST-${n + i}` }]),
                ),
              );
              n += step.burst;
            } else if ("resume" in step) {
              await collector.stop();
              seen = [...seen, ...collector.values()];
              collector = await collect(log, "sensor_readings", { at: collector.position() });
            } else {
              const read = await readAll(log, begin, step.read);
              expect(recordsOf(read.batches)).toHaveLength(n - from);
            }
          }
          await collector.until(n - from - seen.length);
          await collector.stop();
          const all = [...seen, ...collector.values()];
          expect(all.map(({ value }) => value).sort((a, b) => a - b)).toEqual(
            Array.from({ length: n - from }, (_, i) => from + i),
          );
          for (const values of byAsset(all).values())
            expect(values).toEqual([...values].sort((a, b) => a - b));
        }),
        { numRuns: 15 },
      );
    });

    describe.runIf(features.idempotency_keys)("with idempotency keys", () => {
      const keyed = (key: string, count: number, from = 0, tenant = "acme") =>
        log.append(tenant, readingsOf(count, from), { idempotency_key: key });

      it("appends a key once and repeats its answer, after a restart as well", async () => {
        const first = await keyed("k", 4);
        await append(2, 4);
        expect(await keyed("k", 4)).toEqual({ ...first, duplicate: true });
        log = await under.restart();
        expect(await keyed("k", 4)).toEqual({ ...first, duplicate: true });
        const { batches } = await readAll(log, await log.earliest("sensor_readings"), 100);
        expect(recordsOf(batches)).toHaveLength(6);
      });

      it("appends once where the same key comes at the same time", async () => {
        const answers = await Promise.all(Array.from({ length: 8 }, () => keyed("k", 3)));
        expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
        expect(new Set(answers.map(({ position }) => JSON.stringify(position))).size).toBe(1);
        const { batches } = await readAll(log, await log.earliest("sensor_readings"), 100);
        expect(recordsOf(batches)).toHaveLength(3);
      });

      it("keeps the keys of tenants apart", async () => {
        expect(await keyed("k", 2, 0, "acme")).toMatchObject({ duplicate: false });
        expect(await keyed("k", 2, 2, "globex")).toMatchObject({ duplicate: false });
        expect(await keyed("k2", 2, 4, "acme")).toMatchObject({ duplicate: false });
      });
    });
  });
}

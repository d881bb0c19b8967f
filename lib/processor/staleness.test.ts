import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { baselineHealthModel as model } from "../domain/baseline-health-model.ts";
import type { Reading } from "../domain/reading.ts";
import { STALE_AFTER_MS } from "../domain/stale-score.ts";
import { createProcessor, type Processor } from "./processor.ts";
import { Session } from "./session.ts";
import { TenantStates } from "./tenant-states.ts";
import {
  createManualClock,
  createMemoryLog,
  createMemoryStore,
  createRecorder,
  type MemoryStore,
  reading,
  TENANT,
} from "./testing.ts";

const MINUTE = 60_000;
const SECOND = 1_000;

/** Frame `k` of an asset: two sensors, one second of event time each. */
function frame(asset_id: string, k: number, more: Partial<Reading> = {}): Reading[] {
  return ["TEMP", "VIB"].map((name) =>
    reading({
      asset_id,
      sensor_id: `${asset_id}-${name}`,
      timestamp: k * SECOND,
      value: 60 + (k % 3),
      ...more,
    }),
  );
}

const running: Processor[] = [];
afterEach(async () => {
  for (const processor of running.splice(0)) await processor.stop();
});

function setUp() {
  const log = createMemoryLog();
  const store = createMemoryStore();
  const clock = createManualClock(1_000_000);
  const { logger, metrics } = createRecorder();
  const launch = async () => {
    const pace = { commit_after: 2, silence_every: 5, retry_first: 2 };
    const processor = createProcessor({ log, store, clock, logger, metrics, pace });
    running.push(processor);
    await processor.start();
    return processor;
  };
  const send = async (...readings: Reading[]) => {
    log.append(TENANT, readings, clock.at);
    const { next } = await log.head("sensor_readings");
    await vi.waitFor(() => expect(store.position).toBe(next[0]));
  };
  const stale = () => store.scores.filter((score) => score.stale);
  return { log, store, clock, launch, send, stale };
}

/** What has been committed after the processor has surely looked once more. */
async function looked({ log, store, clock, stale }: ReturnType<typeof setUp>, other: string): Promise<void> {
  const before = stale().length;
  log.append(TENANT, [...frame(other, 1), ...frame(other, 2)], clock.at - STALE_AFTER_MS);
  await vi.waitFor(() => expect(stale().length).toBeGreaterThan(before));
  expect(store.scores.at(-1)).toMatchObject({ asset_id: other, stale: true });
}

describe("[R-8.23] the score of a silent asset", () => {
  it("is withheld ten minutes after its last reading by the receiving clock, once, and goes on when it comes back", async () => {
    const parts = setUp();
    const { store, clock, launch, send, stale } = parts;
    await launch();
    const received_at = clock.at;
    await send(...frame("PUMP-001", 1), ...frame("PUMP-001", 2));
    const last = store.scores.at(-1)!;
    clock.at += STALE_AFTER_MS - 1;
    await send(...frame("PUMP-002", 1), ...frame("PUMP-002", 2));
    expect(stale()).toEqual([]);
    clock.at += 1;
    await vi.waitFor(() => expect(stale()).toHaveLength(1));
    expect(stale()[0]).toEqual({
      tenant_id: TENANT,
      asset_id: "PUMP-001",
      timestamp: last.timestamp + 1,
      received_at: received_at + STALE_AFTER_MS,
      score: null,
      risk_level: null,
      reason: "no data for 10 minutes",
      evidence: [],
      stale: true,
      last_score: last.score,
      source_partition: 0,
      source_offset: last.source_offset,
    });
    clock.at += 3 * STALE_AFTER_MS;
    await looked(parts, "PUMP-003");
    expect(stale().filter(({ asset_id }) => asset_id === "PUMP-001")).toHaveLength(1);

    await send(...frame("PUMP-001", 3), ...frame("PUMP-001", 4));
    expect(store.scores.at(-1)).toMatchObject({ asset_id: "PUMP-001", timestamp: 4 * SECOND });
    expect(store.scores.at(-1)).not.toHaveProperty("stale");
    clock.at += STALE_AFTER_MS;
    await vi.waitFor(() => expect(stale().filter(({ asset_id }) => asset_id === "PUMP-001")).toHaveLength(2));
  });

  it("any reading keeps alive, a bad one too, and bad ones alone bring no score back", async () => {
    const parts = setUp();
    const { clock, launch, send, stale } = parts;
    await launch();
    await send(...frame("PUMP-001", 1), ...frame("PUMP-001", 2));
    clock.at += STALE_AFTER_MS - MINUTE;
    await send(...frame("PUMP-001", 3, { quality: "bad" }));
    clock.at += STALE_AFTER_MS - MINUTE;
    await looked(parts, "PUMP-002");
    expect(stale().map(({ asset_id }) => asset_id)).toEqual(["PUMP-002"]);
    clock.at += MINUTE;
    await vi.waitFor(() => expect(stale()).toHaveLength(2));
    await send(...frame("PUMP-001", 4, { quality: "bad" }));
    clock.at += STALE_AFTER_MS;
    await looked(parts, "PUMP-003");
    expect(stale().map(({ asset_id }) => asset_id)).toEqual(["PUMP-002", "PUMP-001", "PUMP-003"]);
  });

  it("is neither forgotten nor told twice over restarts, and the time without a processor counts", async () => {
    const parts = setUp();
    const { clock, launch, send, stale } = parts;
    const first = await launch();
    await send(...frame("PUMP-001", 1), ...frame("PUMP-001", 2));
    await first.stop();
    clock.at += 60 * MINUTE;
    const second = await launch();
    await vi.waitFor(() => expect(stale()).toHaveLength(1));
    await second.stop();
    await launch();
    await looked(parts, "PUMP-002");
    expect(stale().map(({ asset_id }) => asset_id)).toEqual(["PUMP-001", "PUMP-002"]);
  });

  it("is told again where the commit failed, the very same", async () => {
    const { store, clock, launch, send, stale } = setUp();
    await launch();
    await send(...frame("PUMP-001", 1), ...frame("PUMP-001", 2));
    const tried: unknown[] = [];
    store.before = ({ health }) => {
      if (!health.some((score) => score.stale)) return;
      tried.push(health);
      if (tried.length === 1) throw new Error("torn");
    };
    clock.at += STALE_AFTER_MS;
    await vi.waitFor(() => expect(stale()).toHaveLength(1));
    expect(tried).toHaveLength(2);
    expect(tried[1]).toEqual(tried[0]);
  });
});

async function open(store: MemoryStore, clock: ReturnType<typeof createManualClock>, partitions = [0]) {
  const { logger, metrics } = createRecorder();
  const tenants = new TenantStates(store, model, logger, "log-1");
  await tenants.loadAll();
  const saved = Object.fromEntries(partitions.map((partition) => [partition, store.position]));
  return { session: new Session({ tenants, model, clock, logger, metrics }, "log-1", saved), tenants };
}

describe("[R-8.23] a silence", () => {
  it("leads to the same scores whenever it is looked for, however late, and wherever the processor is restarted", async () => {
    const minutes = fc.double({ min: 0.1, max: 25, noNaN: true });
    const step = fc.record({
      after: minutes,
      asset: fc.constantFrom("PUMP-001", "PUMP-002", "MOTOR-001"),
      bad: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 30 }),
        fc.array(fc.constantFrom("look", "restart", "nothing"), { minLength: 1, maxLength: 10 }),
        async (steps, doings) => {
          const run = async (doing: (k: number) => string) => {
            const clock = createManualClock(0);
            const store = createMemoryStore();
            let own = await open(store, clock);
            let offset = 0;
            const commit = async () => {
              for (const effects of own.session.take()) await store.commit(effects);
            };
            for (const [k, { after, asset, bad }] of steps.entries()) {
              clock.at += Math.round(after * MINUTE);
              if (doing(k) !== "nothing") {
                own.session.withholdStale(() => clock.at);
                await commit();
              }
              if (doing(k) === "restart") own = await open(store, clock);
              const values = frame(asset, k, bad ? { quality: "bad" } : {});
              own.session.process(
                { partition: 0, first_offset: offset, tenant_id: TENANT, received_at: clock.at, values },
                own.tenants.known(TENANT)!,
              );
              offset += values.length;
            }
            clock.at += 60 * MINUTE;
            own.session.withholdStale(() => clock.at);
            await commit();
            const of = (asset_id: string) => store.scores.filter((score) => score.asset_id === asset_id);
            return [of("PUMP-001"), of("PUMP-002"), of("MOTOR-001")];
          };
          expect(await run((k) => doings[k % doings.length]!)).toEqual(await run(() => "nothing"));
        },
      ),
      { numRuns: 100 },
    );
  });

  it("is not seen by a processor that has not come so far, nor by one that does not have the partition", async () => {
    const clock = createManualClock(MINUTE);
    const store = createMemoryStore();
    const own = await open(store, clock);
    const values = [...frame("PUMP-001", 1), ...frame("PUMP-001", 2)];
    const batch = { partition: 0, first_offset: 0, tenant_id: TENANT, received_at: clock.at, values };
    own.session.process(batch, own.tenants.known(TENANT)!);
    for (const effects of own.session.take()) await store.commit(effects);
    const other = await open(store, clock, [1]);
    clock.at += 2 * STALE_AFTER_MS;
    expect(own.session.withholdStale(() => undefined)).toBe(false);
    expect(other.session.withholdStale(() => clock.at)).toBe(false);
    expect(own.session.withholdStale(() => clock.at)).toBe(true);
    expect(own.session.withholdStale(() => clock.at)).toBe(false);
    expect(own.session.awaitsStale()).toBe(false);
  });
});

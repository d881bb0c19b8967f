import { beforeEach, describe, expect, it } from "vitest";
import { ForesightError } from "../domain/errors.ts";
import { createIngestService, type IngestService } from "./ingest-service.ts";
import { countingMetrics, type FakeLog, fakeLog, fixedClock, inChunks } from "./testing.ts";

const NOW = Date.UTC(2026, 0, 1);
const reading = (over: object = {}) => ({
  asset_id: "PUMP-001",
  sensor_id: "PUMP-001-TEMP",
  sensor_type: "temperature",
  value: 78.5,
  unit: "celsius",
  timestamp: "2024-01-15T10:30:00Z",
  ...over,
});
const line = (over?: object) => JSON.stringify(reading(over));

describe("ingest over HTTP", () => {
  let log: FakeLog;
  let metrics: ReturnType<typeof countingMetrics>;
  let service: IngestService;
  beforeEach(() => {
    log = fakeLog();
    metrics = countingMetrics();
    service = createIngestService({
      log,
      clock: fixedClock(NOW),
      metrics,
      limits: { max_bytes: 200_000, max_lines: 500 },
    });
  });
  const ndjson = (body: string | Uint8Array, options?: { idempotency_key?: string }) =>
    service.ingest("demo", inChunks(body, 7), "ndjson", options);
  const json = (body: string) => service.ingest("demo", inChunks(body), "json");

  it("[R-6.1] appends all good readings of a body in one append and answers with the cursor after them", async () => {
    const answer = await ndjson(`${line()}\r\n\n${line({ value: 2 })}\n`);
    expect(answer).toEqual({ accepted: 2, duplicates: 0, rejected: 0, errors: [], cursor: "log:0:2" });
    expect(log.appended).toHaveLength(1);
    expect(log.appended[0]!.readings.map((kept) => kept.value)).toEqual([78.5, 2]);
  });

  it("takes a JSON array, and a single reading", async () => {
    expect(await json(`[${line()},${line({ value: 2 })}]`)).toMatchObject({ accepted: 2 });
    expect(await json(line())).toMatchObject({ accepted: 1 });
  });

  it("[R-6.3] names the line of each rejected reading and accepts the rest", async () => {
    const answer = await ndjson(`${line()}\n\nnonsense\n${line({ value: "hot" })}\n${line({ value: 3 })}`);
    expect(answer).toMatchObject({ accepted: 2, rejected: 2 });
    expect(answer.errors.map((error) => error.line)).toEqual([3, 4]);
    const array = await json(`[${line()},{"value":1}]`);
    expect(array.errors).toEqual([{ line: 2, reason: expect.stringMatching(/^asset_id: /) }]);
  });

  it("[R-6.3] names the first 100 rejected lines and counts all", async () => {
    const answer = await ndjson(`${line()}\n${"{}\n".repeat(150)}`);
    expect(answer.rejected).toBe(150);
    expect(answer.errors).toHaveLength(100);
    expect(metrics.counts).toEqual({
      foresight_ingest_accepted_total: 1,
      foresight_ingest_rejected_total: 150,
      foresight_ingest_duplicate_total: 0,
    });
  });

  it("[R-6.4] the same idempotency key again appends nothing and counts duplicates", async () => {
    await ndjson(`${line()}\n${line({ value: 2 })}`, { idempotency_key: "k1" });
    const again = await ndjson(`${line()}\n${line({ value: 2 })}`, { idempotency_key: "k1" });
    expect(again).toMatchObject({ accepted: 0, duplicates: 2, cursor: "log:0:2" });
    expect(log.appended).toHaveLength(1);
    await expect(ndjson(line(), { idempotency_key: "a\nb" })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  it("[bad input 31] [bad input 32] bodies of hostile readings get 400 with the reason", async () => {
    await expect(ndjson(line({ value: { $gt: "" } }))).rejects.toMatchObject({ code: "invalid_request" });
    const proto = `{"__proto__":{"a":1},${line().slice(1)}`;
    await expect(json(`[${proto}]`)).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("__proto__"),
    });
    expect(log.appended).toHaveLength(0);
  });

  it("[bad input 33] a body 10,000 levels deep gets 400", async () => {
    const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    await expect(json(deep)).rejects.toMatchObject({ code: "invalid_request" });
    await expect(ndjson(`{"a":${deep}}`)).rejects.toMatchObject({ code: "invalid_request" });
    expect(await json(`[${line()},${deep}]`)).toMatchObject({ accepted: 1, rejected: 1 });
    const deeper = "[".repeat(100_000);
    await expect(json(deeper)).rejects.toMatchObject({ code: "invalid_request", message: /nested deeper/ });
    const answer = await service.ingest("demo", inChunks(`${deeper}\n${line()}`), "ndjson");
    expect(answer.errors).toEqual([{ line: 1, reason: expect.stringContaining("nested deeper") }]);
    expect(await json(`[${line({ note: "[".repeat(50_000) })}]`)).toMatchObject({ accepted: 1 });
  });

  it("[bad input 34] NaN is refused with its line, 1e400 too, and the good readings beside them are accepted", async () => {
    const nan = line().replace("78.5", "NaN");
    const huge = line().replace("78.5", "1e400");
    const answer = await ndjson(`${line()}\n${nan}\n${huge}`);
    expect(answer.errors).toEqual([
      { line: 2, reason: "not JSON" },
      { line: 3, reason: expect.stringMatching(/^value: /) },
    ]);
    await expect(ndjson(nan)).rejects.toMatchObject({ code: "invalid_request" });
    await expect(json(`[${nan}]`)).rejects.toMatchObject({ code: "invalid_request" });
    await expect(json(`[${huge}]`)).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("[bad input 35] a body or a batch too large is refused without being read to its end", async () => {
    let pulled = 0;
    const endless = (async function* () {
      for (;;) {
        pulled += 1;
        yield Buffer.alloc(50_000, 32);
      }
    })();
    await expect(service.ingest("demo", endless, "ndjson")).rejects.toMatchObject({ code: "too_large" });
    expect(pulled).toBeLessThan(10);
    await expect(ndjson(`${line()}\n`.repeat(501))).rejects.toMatchObject({ code: "too_large" });
    await expect(json(`[${Array(501).fill("{}").join()}]`)).rejects.toMatchObject({ code: "too_large" });
  });

  it("[bad input 37] a reading before 2000 is rejected with its line, the rest is accepted", async () => {
    const answer = await ndjson(`${line({ timestamp: "1999-01-01T00:00:00Z" })}\n${line()}`);
    expect(answer).toMatchObject({ accepted: 1, rejected: 1 });
    expect(answer.errors[0]).toMatchObject({ line: 1, reason: expect.stringContaining("before 2000") });
  });

  it("rejects one line that is not UTF-8 and keeps the others as they are", async () => {
    const body = Buffer.concat([
      Buffer.from(`${line({ unit: "°C" })}\n`),
      Buffer.from([0x7b, 0xff, 0x7d, 0x0a]),
      Buffer.from(line({ unit: "µm" })),
    ]);
    const answer = await ndjson(body);
    expect(answer.errors).toEqual([{ line: 2, reason: "not UTF-8" }]);
    expect(log.appended[0]!.readings.map((kept) => kept.unit)).toEqual(["°C", "µm"]);
  });

  it("refuses what is no JSON, no array, or empty", async () => {
    for (const body of ["", "[]", "3", "null", "{"])
      await expect(json(body)).rejects.toMatchObject({ code: "invalid_request" });
    await expect(ndjson(" \n\n")).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("passes the log's refusal on, and is ready again after it", async () => {
    log.failures.push(new ForesightError("unavailable", "no disk", { retry_after_s: 2 }));
    await expect(ndjson(line())).rejects.toMatchObject({ options: { retry_after_s: 2 } });
    expect(await ndjson(line())).toMatchObject({ accepted: 1 });
  });

  it("[R-6.5] asks to come back while too many bytes are pending", async () => {
    const busy = createIngestService({
      log,
      clock: fixedClock(NOW),
      metrics,
      limits: { max_pending_bytes: 10 },
    });
    let release = () => {};
    const slow = (async function* () {
      yield Buffer.from(line());
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    })();
    const first = busy.ingest("demo", slow, "ndjson");
    await new Promise((resolve) => setImmediate(resolve));
    await expect(busy.ingest("demo", inChunks(line()), "ndjson")).rejects.toMatchObject({
      code: "unavailable",
      options: { retry_after_s: 1 },
    });
    release();
    expect(await first).toMatchObject({ accepted: 1 });
  });
});

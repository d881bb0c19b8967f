import { beforeEach, describe, expect, it } from "vitest";
import type { Upload } from "../domain/account.ts";
import { ForesightError } from "../domain/errors.ts";
import type { UploadStore } from "../ports/store.ts";
import { countingMetrics, type FakeLog, fakeLog, fixedClock, inChunks } from "./testing.ts";
import { createUploadService } from "./upload-service.ts";

const HEADER = "timestamp,asset_id,sensor_id,sensor_type,value,unit,quality";
const START = Date.UTC(2024, 0, 1);
const row = (n: number) =>
  `${new Date(START + n * 1_000).toISOString()},PUMP-001,PUMP-001-TEMP,temperature,${n},celsius,good`;
const csv = (rows: number) => `${HEADER}\n${Array.from({ length: rows }, (_, n) => row(n)).join("\n")}\n`;

describe("uploading a CSV", () => {
  let log: FakeLog;
  let saves: Upload[];
  let pauses: number[];
  let clock: ReturnType<typeof fixedClock>;
  let service: ReturnType<typeof createUploadService>;
  beforeEach(() => {
    log = fakeLog();
    saves = [];
    pauses = [];
    clock = fixedClock(Date.UTC(2026, 0, 1));
    let id = 0;
    const store: UploadStore = {
      async putUpload(upload) {
        saves.push(upload);
      },
      async upload(tenant_id, wanted) {
        return saves.findLast((saved) => saved.id === wanted && saved.tenant_id === tenant_id);
      },
      async uploads() {
        return saves;
      },
    };
    service = createUploadService({
      log,
      store,
      clock,
      metrics: countingMetrics(),
      ids: () => `u${++id}`,
      pause: async (ms) => {
        pauses.push(ms);
      },
    });
  });
  const upload = (body: string | AsyncIterable<Uint8Array>, file_name = "plant.csv") =>
    service.start(
      { tenant_id: "demo", by: "olga", file_name, bytes: 1 },
      typeof body === "string" ? inChunks(body, 10_000) : body,
    );
  const values = () => log.appended.flatMap((batch) => batch.readings.map((reading) => reading.value));
  /** The first rows of the file, then the connection breaks. */
  const broken = (content: string, bytes: number, error: Error) =>
    (async function* () {
      yield* inChunks(content.slice(0, bytes), 10_000);
      throw error;
    })();
  const reset = () => Object.assign(new Error("aborted"), { code: "ECONNRESET" });

  it("takes every good row in order and names the bad ones with line and text", async () => {
    const content = csv(12_000).replace(row(3), "short,row");
    const { id, done } = upload(content);
    const finished = await done;
    expect(finished).toMatchObject({ id, state: "done", accepted: 11_999, duplicates: 0, rejected: 1 });
    expect(finished.bytes_read).toBe(content.length);
    expect(finished.rejects).toEqual([
      { line: 5, reason: expect.stringContaining("expected 7 fields"), text: "short,row" },
    ]);
    expect(values()).toEqual(Array.from({ length: 12_000 }, (_, n) => n).filter((n) => n !== 3));
    expect(await service.get("demo", id)).toEqual(finished);
    expect(await service.get("other", id)).toBeUndefined();
  });

  it("[bad input 50] interrupted and uploaded again it adds no duplicate and loses nothing", async () => {
    const content = csv(12_000);
    const first = await upload(broken(content, content.length / 2, reset())).done;
    expect(first).toMatchObject({ state: "interrupted", accepted: 5_000 });
    const second = await upload(content).done;
    expect(second).toMatchObject({ state: "done", duplicates: 5_000, accepted: 7_000 });
    expect(values()).toEqual(Array.from({ length: 12_000 }, (_, n) => n));
    expect(await upload(content).done).toMatchObject({ accepted: 0, duplicates: 12_000 });
  });

  it("[bad input 45] a file without the columns fails with a sentence that names them", async () => {
    expect(await upload("a,b\n1,2\n").done).toMatchObject({
      state: "failed",
      error: expect.stringContaining("lacks the columns timestamp, asset_id"),
    });
    expect(await upload("").done).toMatchObject({ state: "failed", error: expect.stringContaining("empty") });
  });

  it("[bad input 42] a path in a file name is only a name", async () => {
    expect(await upload(csv(1), "../../etc/passwd").done).toMatchObject({ file_name: "passwd" });
  });

  it("keeps the first 1,000 rejects and counts all", async () => {
    const finished = await upload(`${HEADER}\n${"x\n".repeat(1_500)}`).done;
    expect(finished.rejected).toBe(1_500);
    expect(finished.rejects).toHaveLength(1_000);
  });

  it("waits as long as the log asks, then goes on", async () => {
    log.failures.push(new ForesightError("unavailable", "busy", { retry_after_s: 3 }));
    expect(await upload(csv(2)).done).toMatchObject({ state: "done", accepted: 2 });
    expect(pauses).toEqual([3_000]);
  });

  it("a full disk fails the upload with its sentence", async () => {
    log.failures.push(new ForesightError("storage_full", "The disk is full."));
    expect(await upload(csv(2)).done).toMatchObject({ state: "failed", error: "The disk is full." });
  });

  it("saves progress at most twice a second, and at the end", async () => {
    const body = (async function* () {
      for await (const chunk of inChunks(csv(30_000), 1 << 16)) {
        clock.set(clock.now() + 100);
        yield chunk;
      }
    })();
    const { id, done } = upload(body);
    expect(await service.get("demo", id)).toMatchObject({ state: "running" });
    const finished = await done;
    const spent = (finished.finished_at! - finished.started_at) / 500;
    expect(saves.length).toBeGreaterThan(2);
    expect(saves.length).toBeLessThanOrEqual(2 + spent);
  });

  it("stopping the server interrupts it, saved as such", async () => {
    let taken = () => {};
    const reached = new Promise<void>((resolve) => {
      taken = resolve;
    });
    const body = (async function* () {
      for (let n = 0; ; n++) {
        yield Buffer.from(n === 0 ? csv(6_000) : `${row(6_000 + n)}\n`);
        if (n === 3) taken();
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const { id, done } = upload(body);
    await reached;
    await service.stop();
    expect(await done).toMatchObject({ state: "interrupted", error: expect.stringContaining("again") });
    expect(await service.get("demo", id)).toMatchObject({ state: "interrupted", accepted: 5_000 });
  });

  it("an upload that a killed server left behind is told as interrupted", async () => {
    const { id, done } = upload(csv(1));
    await done;
    saves.push({ ...saves.at(-1)!, state: "running" });
    expect(await service.get("demo", id)).toMatchObject({ state: "interrupted" });
  });
});

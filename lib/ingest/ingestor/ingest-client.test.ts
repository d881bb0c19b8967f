import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fixedClock } from "../testing.ts";
import { createIngestClient, type IngestClientOptions, retryAfterMs } from "./ingest-client.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

const NOW = Date.UTC(2026, 0, 1);
const line = JSON.stringify({
  asset_id: "A",
  sensor_id: "S",
  sensor_type: "temperature",
  value: 1,
  unit: "celsius",
  timestamp: NOW,
});

describe("the client of /api/ingest", () => {
  let server: TestServer;
  let clock: ReturnType<typeof fixedClock>;
  let waits: { reason: string; ms: number }[];
  let abort: AbortController;
  beforeEach(async () => {
    clock = fixedClock(NOW);
    server = await startTestServer(() => clock.now());
    waits = [];
    abort = new AbortController();
  });
  afterEach(() => server.stop());

  const client = (over: Partial<IngestClientOptions> = {}) =>
    createIngestClient({
      locate: async () => ({ url: server.url, token: "T" }),
      relocatable: false,
      patience_ms: 60_000,
      clock,
      random: () => 0.5,
      signal: abort.signal,
      onWait: (reason, ms) => waits.push({ reason, ms }),
      async pause(ms) {
        clock.set(clock.now() + ms);
      },
      ...over,
    });

  it("sends a batch with its token and key and gives the answer", async () => {
    expect(await client().send(`${line}\n{}`, 2, "k1")).toEqual({
      accepted: 1,
      duplicates: 0,
      rejected: 1,
      errors: [{ line: 2, reason: expect.stringContaining("asset_id") }],
      attempts: 1,
    });
    expect(server.requests).toEqual([{ key: "k1", authorization: "Bearer T" }]);
  });

  it("waits at least as long as Retry-After says on 429 and 503, then sends the same batch again", async () => {
    server.mischief.push(
      { status: 429, headers: { "retry-after": "2" }, body: { detail: "Too fast." } },
      { status: 503, headers: { "retry-after": "7" } },
    );
    expect(await client().send(line, 1, "k")).toMatchObject({ accepted: 1, attempts: 3 });
    expect(waits.map(({ ms }) => ms)).toEqual([2_250, 7_875]);
    expect(waits[0]!.reason).toContain("429: Too fast.");
    expect(server.requests.map(({ key }) => key)).toEqual(["k", "k", "k"]);
  });

  it("a lost answer is asked for again and nothing is added twice", async () => {
    server.mischief.push("lose answer", "reset");
    expect(await client().send(line, 1, "k")).toMatchObject({ duplicates: 1, accepted: 0, attempts: 3 });
    expect(server.readings()).toHaveLength(1);
  });

  it("backs off with full jitter and growing bounds", async () => {
    server.mischief.push("reset", "reset", "reset", "reset", "reset", "reset", "reset");
    await client().send(line, 1, "k");
    expect(waits.map(({ ms }) => ms)).toEqual([200, 400, 800, 1_600, 2_500, 2_500, 2_500]);
  });

  it("gives up a server that was never there, and says how to start one", async () => {
    await server.stop();
    await expect(client().send(line, 1, "k")).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/No server answers at http.*start\.sh/),
    });
    expect(clock.now() - NOW).toBeLessThan(20_000);
    await server.start();
  });

  it("a server that was there is waited for until patience is over", async () => {
    const patient = client();
    await patient.send(line, 1, "k1");
    await server.stop();
    await expect(patient.send(line, 1, "k2")).rejects.toMatchObject({ code: "unavailable" });
    expect(clock.now() - NOW).toBeGreaterThan(60_000);
    await server.start();
  });

  it("a server that dies in the middle of the very first request is waited for as one that restarts", async () => {
    server.mischief.push("reset");
    let waited = 0;
    const patient = client({
      async pause(ms) {
        if (waited++ === 0) await server.stop();
        clock.set(clock.now() + ms);
        if (clock.now() - NOW > 40_000 && !restarted) {
          restarted = true;
          await server.start();
        }
      },
    });
    let restarted = false;
    expect(await patient.send(line, 1, "k")).toMatchObject({ accepted: 1 });
    expect(clock.now() - NOW).toBeGreaterThan(40_000);
  });

  it("a batch with no good reading is refused line by line, not the stream", async () => {
    expect(await client().send("{}\nx", 2, "k")).toMatchObject({
      accepted: 0,
      rejected: 2,
      errors: [{ line: 1 }, { line: 2, reason: "not JSON" }],
    });
  });

  it("refusals for good end at once with what to do", async () => {
    for (const [status, code] of [
      [401, "unauthorized"],
      [403, "forbidden"],
      [413, "too_large"],
      [415, "invalid_request"],
      [400, "invalid_request"],
    ] as const) {
      server.mischief.push({ status });
      await expect(client().send(line, 1, "k")).rejects.toMatchObject({ code });
    }
    expect(waits).toEqual([]);
  });

  it("makes a new token once where it made the first", async () => {
    let made = 0;
    const own = client({
      relocatable: true,
      locate: async () => ({ url: server.url, token: `T${++made}` }),
    });
    server.mischief.push({ status: 401 });
    expect(await own.send(line, 1, "k")).toMatchObject({ accepted: 1 });
    expect(server.requests.map(({ authorization }) => authorization)).toEqual(["Bearer T1", "Bearer T2"]);
  });

  it("an answer that is not FORESIGHT's is no acknowledgement", async () => {
    server.mischief.push({ status: 200, body: { hello: "world" } });
    await expect(client().send(line, 1, "k")).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("stops at once when it is interrupted", async () => {
    abort.abort();
    await expect(client().send(line, 1, "k")).rejects.toMatchObject({ name: "AbortError" });
    expect(server.requests).toEqual([]);
  });

  it("reads Retry-After as seconds and as a date", () => {
    const header = (value?: string) => ({ headers: new Headers(value ? { "retry-after": value } : {}) });
    expect(retryAfterMs(header("3"), NOW)).toBe(3_000);
    expect(retryAfterMs(header(new Date(NOW + 5_000).toUTCString()), NOW)).toBe(5_000);
    expect(retryAfterMs(header("soon"), NOW)).toBe(0);
    expect(retryAfterMs(header(), NOW)).toBe(0);
  });
});

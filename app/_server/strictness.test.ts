import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import * as acknowledge from "../api/alerts/[id]/acknowledge/route.ts";
import * as alert from "../api/alerts/[id]/route.ts";
import * as alerts from "../api/alerts/route.ts";
import * as health from "../api/assets/[asset_id]/health/route.ts";
import * as readings from "../api/assets/[asset_id]/readings/route.ts";
import * as asset from "../api/assets/[asset_id]/route.ts";
import * as assets from "../api/assets/route.ts";
import * as ingest from "../api/ingest/route.ts";
import * as stats from "../api/stats/route.ts";
import * as uploads from "../api/uploads/route.ts";
import * as user from "../api/users/[username]/route.ts";
import { routesUnderTest, sample } from "./testing.ts";

const http = routesUnderTest();
const { ask } = http;

describe("what is asked strictly", () => {
  it("[bad input 30] what is another tenant's is answered like what does not exist", async () => {
    const { id } = (
      await ask(alerts, "POST", "/api/alerts", {
        body: { asset_id: "PUMP-001", title: "Ours alone", severity: "info" },
      })
    ).json<{ alert: { id: string } }>().alert;
    const pairs = [
      [asset, "/api/assets/PUMP-001", "/api/assets/NEVER-001"],
      [
        readings,
        "/api/assets/PUMP-001/readings?sensor_id=PUMP-001-TEMP",
        "/api/assets/NO/readings?sensor_id=NO",
      ],
      [health, "/api/assets/PUMP-001/health", "/api/assets/NEVER-001/health"],
      [alert, `/api/alerts/${id}`, "/api/alerts/never"],
    ] as const;
    for (const [module, foreign, never] of pairs) {
      const one = await ask(module, "GET", foreign, { as: "rival" });
      const other = await ask(module, "GET", never, { as: "rival" });
      expect([one.status, one.text]).toEqual([404, other.text]);
    }
    const act = { as: "rival", body: {} };
    expect((await ask(acknowledge, "POST", `/api/alerts/${id}/acknowledge`, act)).status).toBe(404);
    const role = { as: "rival", body: { role: "viewer" } };
    expect((await ask(user, "PATCH", "/api/users/operator@demo", role)).status).toBe(404);
    expect((await ask(stats, "GET", "/api/stats", { as: "rival" })).json()).toMatchObject({
      tenant_id: "rival",
      readings: 0,
      assets: 0,
    });
  });

  it("[bad input 31] an operator of a query language where text is expected is 400 with its path", async () => {
    const body = { asset_id: { $gt: "" }, title: "x", severity: "info" };
    const { status, json } = await ask(alerts, "POST", "/api/alerts", { body });
    expect(status).toBe(400);
    expect(json<{ errors: { path: string }[] }>().errors.map(({ path }) => path)).toEqual(["asset_id"]);
    const nested = { role: { $ne: null } };
    expect((await ask(user, "PATCH", "/api/users/viewer@demo", { body: nested })).status).toBe(400);
  });

  it("[bad input 32] a key __proto__ is 400 and changes no object", async () => {
    for (const raw of [
      '{"asset_id":"P","title":"x","severity":"info","__proto__":{"role":"admin"}}',
      '{"asset_id":"P","title":"x","severity":"info","more":[{"__proto__":{}}]}',
    ])
      expect(
        (await ask(alerts, "POST", "/api/alerts", { raw, headers: { "content-type": "application/json" } }))
          .status,
      ).toBe(400);
    expect(({} as { role?: string }).role).toBeUndefined();
  });

  it("[bad input 33] ten thousand levels are 400", async () => {
    const headers = { "content-type": "application/json" };
    const raw = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    expect((await ask(alerts, "POST", "/api/alerts", { raw, headers })).status).toBe(400);
    const object = `{"asset_id":${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}}`;
    expect((await ask(alerts, "POST", "/api/alerts", { raw: object, headers })).status).toBe(400);
  });

  it("[bad input 34] NaN and 1e400 are 400", async () => {
    const headers = { "content-type": "application/json" };
    for (const value of ["NaN", "1e400", "-Infinity"]) {
      const raw = `{"asset_id":"P","title":"x","severity":"info","metric_value":${value}}`;
      expect((await ask(alerts, "POST", "/api/alerts", { raw, headers })).status).toBe(400);
    }
  });

  it("[bad input 35] a body that is too large is 413", async () => {
    const headers = { "content-type": "application/json" };
    const raw = JSON.stringify({ asset_id: "P", title: "x".repeat(100_000), severity: "info" });
    expect((await ask(alerts, "POST", "/api/alerts", { raw, headers })).status).toBe(413);
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(8_192).fill(32)),
    });
    expect((await ask(alerts, "POST", "/api/alerts", { raw: endless, headers })).status).toBe(413);
    const lines = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1_048_576).fill(10)),
    });
    const ndjson = { "content-type": "application/x-ndjson" };
    expect((await ask(ingest, "POST", "/api/ingest", { raw: lines, headers: ndjson })).status).toBe(413);
  });

  it("[bad input 36] a gzip bomb is 413 long before it has grown, and honest gzip is read", async () => {
    const headers = { "content-type": "application/x-ndjson", "content-encoding": "gzip" };
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, "\n"));
    const before = process.memoryUsage().arrayBuffers;
    expect((await ask(ingest, "POST", "/api/ingest", { raw: bomb, headers })).status).toBe(413);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    const honest = gzipSync(JSON.stringify({ ...sample, timestamp: "2024-01-15T10:00:01Z" }));
    expect((await ask(ingest, "POST", "/api/ingest", { raw: honest, headers })).status).toBe(202);
    const raw = "not gzip";
    expect((await ask(ingest, "POST", "/api/ingest", { raw, headers })).status).toBe(400);
    const brotli = { ...headers, "content-encoding": "br" };
    expect((await ask(ingest, "POST", "/api/ingest", { raw, headers: brotli })).status).toBe(415);
  });

  it("[bad input 41] another method is 405 with what is allowed, another media type 415", async () => {
    const { status, headers } = await ask(assets, "DELETE", "/api/assets");
    expect([status, headers.get("allow")]).toEqual([405, "GET"]);
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"]) {
      const options = { raw: JSON.stringify([sample]), headers: { "content-type": type } };
      expect((await ask(ingest, "POST", "/api/ingest", options)).status).toBe(415);
      expect((await ask(alerts, "POST", "/api/alerts", options)).status).toBe(415);
      expect((await ask(uploads, "POST", "/api/uploads", options)).status).toBe(415);
    }
  });

  it("[bad input 70] a reversed range is 400", async () => {
    const range = "from=2024-02-01T00:00:00Z&to=2024-01-01T00:00:00Z";
    for (const [module, path] of [
      [readings, `/api/assets/PUMP-001/readings?sensor_id=PUMP-001-TEMP&${range}`],
      [health, `/api/assets/PUMP-001/health?${range}`],
      [alerts, `/api/alerts?${range}`],
    ] as const) {
      const answer = await ask(module, "GET", path);
      expect(answer.status).toBe(400);
      expect(answer.json<{ errors: unknown[] }>().errors).toMatchObject([{ path: "to" }]);
    }
  });

  it("[bad input 71] a limit beyond the most is 400, and so is what is no number, time or known value", async () => {
    for (const query of [
      "limit=1e9",
      "limit=1000000000",
      "limit=0",
      "limit=-1",
      "limit=5.5",
      "limit=",
      "from=yesterday",
      "state=closed",
      "severity=warning,fatal",
      "colour=red",
      "__proto__=1",
    ])
      expect([query, (await ask(alerts, "GET", `/api/alerts?${query}`)).status]).toEqual([query, 400]);
    const points = "/api/assets/PUMP-001/readings?sensor_id=PUMP-001-TEMP&max_points=1e9";
    expect((await ask(readings, "GET", points)).status).toBe(400);
    expect((await ask(assets, "GET", "/api/assets?limit=5")).status).toBe(400);
  });

  it("[bad input 72] a repeated parameter is 400", async () => {
    const { status, json } = await ask(alerts, "GET", "/api/alerts?limit=5&limit=6");
    expect(status).toBe(400);
    expect(json<{ errors: unknown[] }>().errors).toEqual([{ path: "limit", message: "expected once" }]);
  });

  it("a request that breaks off is no defect of ours", async () => {
    const raw = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(Object.assign(new Error("aborted"), { code: "ECONNRESET" }));
      },
    });
    const logged = http.parts.logger.lines.length;
    const headers = { "content-type": "application/x-ndjson" };
    expect((await ask(ingest, "POST", "/api/ingest", { raw, headers })).status).toBe(408);
    expect(http.parts.logger.lines).toHaveLength(logged);
  });

  it("a path that cannot be decoded is 404", async () => {
    expect((await ask(asset, "GET", "/api/assets/%E0%A4%A")).status).toBe(404);
  });

  it("a defect is 500 without its detail, which the log has", async () => {
    const { stats: kept } = http.parts.app.store;
    http.parts.app.store.stats = async () => {
      throw new Error("disk /secret/path");
    };
    const { status, text } = await ask(stats, "GET", "/api/stats");
    http.parts.app.store.stats = kept;
    expect(status).toBe(500);
    expect(text).not.toContain("secret");
    expect(JSON.stringify(http.parts.logger.lines)).toContain("/secret/path");
  });
});

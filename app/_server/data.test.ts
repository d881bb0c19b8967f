import { describe, expect, it } from "vitest";
import { runningApp } from "../../lib/runtime/handle.ts";
import { readingAt, START } from "../../lib/testing/http-parts.ts";
import * as readings from "../api/assets/[asset_id]/readings/route.ts";
import * as asset from "../api/assets/[asset_id]/route.ts";
import * as assets from "../api/assets/route.ts";
import * as ingest from "../api/ingest/route.ts";
import * as snapshot from "../api/snapshot/route.ts";
import * as stats from "../api/stats/route.ts";
import * as rejects from "../api/uploads/[id]/rejects/route.ts";
import * as upload from "../api/uploads/[id]/route.ts";
import * as uploads from "../api/uploads/route.ts";
import { sharedSnapshot } from "./snapshot.ts";
import { routesUnderTest, sample } from "./testing.ts";

const http = routesUnderTest(async (parts) => {
  await parts.settle(
    "demo",
    Array.from({ length: 12_000 }, (_, i) => readingAt(i)),
  );
  await parts.settle("demo", [{ ...readingAt(0), sensor_id: "=cmd|'/c calc'!A1", value: -5, unit: "@unit" }]);
});
const { ask, given } = http;

describe("readings and assets", () => {
  it("an asset comes with its sensors, and an administrator changes its type", async () => {
    const list = (await ask(assets, "GET", "/api/assets", { as: "viewer" })).json<{ assets: object[] }>();
    expect(list.assets).toMatchObject([{ asset_id: "PUMP-001", asset_type: "pump" }]);
    const changed = await ask(asset, "PATCH", "/api/assets/PUMP-001", { body: { asset_type: "big pump" } });
    expect(changed.json()).toMatchObject({ asset_type: "big pump" });
  });

  it("history is downsampled to max_points, or every reading in order", async () => {
    const path = "/api/assets/PUMP-001/readings?sensor_id=PUMP-001-TEMP";
    type Points = { points: { timestamp: string; value: number; count: number; max: number }[] };
    const few = (await ask(readings, "GET", `${path}&max_points=100`)).json<Points>().points;
    expect(few.length).toBeLessThanOrEqual(100);
    expect(few.reduce((sum, { count }) => sum + count, 0)).toBe(12_000);
    expect(Math.max(...few.map(({ max }) => max))).toBe(20 + 11_999);
    const all = (await ask(readings, "GET", path)).json<Points>().points;
    expect(all.map(({ value }) => value)).toEqual(Array.from({ length: 12_000 }, (_, i) => 20 + i));
    const stretch = `${path}&from=${START + 5_000}&to=2024-01-15T10:00:07Z`;
    expect((await ask(readings, "GET", stretch)).json<Points>().points.map(({ value }) => value)).toEqual([
      25, 26, 27,
    ]);
    expect((await ask(readings, "GET", "/api/assets/PUMP-001/readings")).status).toBe(400);
    expect((await ask(readings, "GET", `${path}X`)).status).toBe(404);
  });

  it("[bad input 49] text that a spreadsheet takes for a formula is exported with an apostrophe, numbers as they are", async () => {
    const { text, headers } = await ask(readings, "GET", "/api/assets/PUMP-001/readings?format=csv");
    const lines = text.trimEnd().split("\n");
    expect(headers.get("content-disposition")).toBe('attachment; filename="PUMP-001.csv"');
    expect(lines[0]).toBe("timestamp,asset_id,sensor_id,sensor_type,value,unit,quality");
    expect(lines).toHaveLength(1 + 12_001);
    expect(lines).toContain(
      "2024-01-15T10:00:00.000Z,PUMP-001,'=cmd|'/c calc'!A1,temperature,-5,'@unit,good",
    );
    expect(lines).toContain("2024-01-15T10:00:01.000Z,PUMP-001,PUMP-001-TEMP,temperature,21,celsius,good");
  });

  it("an export is made only as fast as it is taken", async () => {
    const { page } = http.parts.app.store;
    let pages = 0;
    http.parts.app.store.page = (...args) => {
      pages++;
      return page(...args);
    };
    const response = await readings.GET(
      new Request("http://localhost/api/assets/PUMP-001/readings?sensor_id=PUMP-001-TEMP&format=csv", {
        headers: { authorization: `Bearer ${given.viewer}` },
      }),
    );
    const reader = response.body!.getReader();
    await reader.read();
    await reader.read();
    expect(pages).toBeLessThan(3);
    await reader.cancel();
    http.parts.app.store.page = page;
  });

  it("[bad input 38] markup in a name comes back as text in JSON, under a policy that runs nothing", async () => {
    const asset_id = '<img src=x onerror="alert(1)">';
    await http.parts.settle("demo", [{ ...readingAt(1), asset_id, sensor_id: asset_id }]);
    const answer = await ask(asset, "GET", `/api/assets/${encodeURIComponent(asset_id)}`);
    expect(answer.json()).toMatchObject({ asset_id });
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("stats count what is stored, and a snapshot brings the cursors to go on from", async () => {
    expect((await ask(stats, "GET", "/api/stats", { as: "viewer" })).json()).toMatchObject({
      tenant_id: "demo",
      readings: 12_002,
      from: "2024-01-15T10:00:00.000Z",
    });
    expect((await ask(snapshot, "GET", "/api/snapshot", { as: "viewer" })).json()).toMatchObject({
      type: "snapshot",
      tenant_id: "demo",
      cursors: { sensor_data: expect.stringMatching(/:0:\d+$/), alerts: expect.any(String) },
    });
  });

  it("all who ask for a snapshot at once share one read, and who comes later gets a new one", async () => {
    const { snapshot: kept } = http.parts.app.store;
    let reads = 0;
    http.parts.app.store.snapshot = (tenant_id) => {
      reads++;
      return kept(tenant_id);
    };
    const shared = await Promise.all(Array.from({ length: 20 }, () => sharedSnapshot(runningApp(), "demo")));
    expect([reads, new Set(shared).size]).toEqual([1, 1]);
    await sharedSnapshot(runningApp(), "demo");
    expect(reads).toBe(2);
    http.parts.app.store.snapshot = kept;
  });
});

describe("ingest and uploads", () => {
  it("posted readings are answered once durable, rejected ones by line", async () => {
    const raw = [
      JSON.stringify({ ...sample, timestamp: "2024-01-15T11:00:00Z" }),
      JSON.stringify({ ...sample, timestamp: "1999-12-31T00:00:00Z" }),
      "nonsense",
    ].join("\n");
    const headers = { "content-type": "application/x-ndjson", "idempotency-key": "batch-1" };
    const first = await ask(ingest, "POST", "/api/ingest", { as: "ingest", raw, headers });
    expect(first.json()).toMatchObject({
      accepted: 1,
      rejected: 2,
      errors: [{ line: 2 }, { line: 3 }],
      cursor: expect.any(String),
    });
    const again = await ask(ingest, "POST", "/api/ingest", { as: "ingest", raw, headers });
    expect(again.json()).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  const csv = (rows: string[]) =>
    `timestamp,asset_id,sensor_id,sensor_type,value,unit,quality\n${rows.join("\n")}\n`;
  const good = "2024-01-15T12:00:00Z,FAN-001,FAN-001-RPM,speed,1200,rpm,good";

  it("a file is taken as a body, its rejects tell line and reason", async () => {
    const sent = await ask(uploads, "POST", "/api/uploads?file_name=fan.csv", {
      as: "operator",
      raw: csv([good, "=1+1,FAN-001,FAN-001-RPM,speed,1200,rpm,good"]),
      headers: { "content-type": "text/csv" },
    });
    const { id } = sent.json<{ id: string }>();
    expect(sent.json()).toMatchObject({ state: "done", accepted: 1, rejected: 1, file_name: "fan.csv" });
    expect(sent.headers.get("location")).toBe(`/api/uploads/${id}`);
    expect((await ask(upload, "GET", `/api/uploads/${id}`)).json()).toMatchObject({ rejects: [{ line: 3 }] });
    const download = await ask(rejects, "GET", `/api/uploads/${id}/rejects`);
    expect(download.text).toMatch(/^line,reason,text\n3,.*"'=1\+1,FAN-001/);
    expect((await ask(uploads, "GET", "/api/uploads")).json<{ uploads: object[] }>().uploads).toMatchObject([
      { id },
    ]);
    expect((await ask(upload, "GET", `/api/uploads/${id}`, { as: "rival" })).status).toBe(404);
    expect((await ask(rejects, "GET", `/api/uploads/${id}/rejects`, { as: "rival" })).status).toBe(404);
  });

  it("[bad input 42] a folder in a form's file name is ignored", async () => {
    const names: [string, string][] = [
      ["../../etc/cron.d/x.csv", "x.csv"],
      ["..\\..\\windows\\x.csv", "x.csv"],
      ["..", "upload.csv"],
    ];
    for (const [name, shown] of names) {
      const form = new FormData();
      form.set("note", "a field beside it");
      form.set("file", new File([csv([good])], name, { type: "text/csv" }));
      const encoded = new Response(form);
      const headers = { "content-type": encoded.headers.get("content-type")! };
      const sent = await ask(uploads, "POST", "/api/uploads", { raw: await encoded.arrayBuffer(), headers });
      expect(sent.json()).toMatchObject({ state: "done", file_name: shown });
    }
  });

  it("a form without a file, a broken form and a file without its columns are 400 and say what is missing", async () => {
    const form = new FormData();
    form.set("note", "no file");
    const encoded = new Response(form);
    const headers = { "content-type": encoded.headers.get("content-type")! };
    const raw = await encoded.arrayBuffer();
    expect((await ask(uploads, "POST", "/api/uploads", { raw, headers })).text).toContain("field `file`");
    const cut = {
      raw: "--x\r\nContent-Disp",
      headers: { "content-type": "multipart/form-data; boundary=x" },
    };
    expect((await ask(uploads, "POST", "/api/uploads", cut)).status).toBe(400);
    const boundless = { raw: "x", headers: { "content-type": "multipart/form-data" } };
    expect((await ask(uploads, "POST", "/api/uploads", boundless)).status).toBe(400);
    const columns = { raw: "timestamp,value\n1,2\n", headers: { "content-type": "text/csv" } };
    expect((await ask(uploads, "POST", "/api/uploads", columns)).text).toContain("asset_id");
  });
});

import { describe, expect, it } from "vitest";
import * as uploads from "../api/uploads/route.ts";
import { routesUnderTest } from "./testing.ts";

const http = routesUnderTest();
const { ask } = http;

const MAPPING = {
  layout: "columns",
  delimiter: ";",
  decimal: ",",
  time_zone: "Europe/Berlin",
  timestamp: { column: "Zeit" },
  asset_id: { constant: "KILN-7" },
  sensors: [{ column: "Temp", suffix: "TEMP", sensor_type: "temperature", unit: "celsius" }],
};
const FILE = "Zeit;Temp\n03.03.2026 12:00;1,5\n29.03.2026 02:30;2\n";

function form(parts: [name: string, value: string | Blob, file_name?: string][]): FormData {
  const made = new FormData();
  for (const [name, value, file_name] of parts)
    if (typeof value === "string") made.append(name, value);
    else made.append(name, value, file_name);
  return made;
}
const post = (parts: Parameters<typeof form>[0]) =>
  ask(uploads, "POST", "/api/uploads", { raw: form(parts), as: "operator" });
const file = (content = FILE): [string, Blob, string] => ["file", new Blob([content]), "shift.csv"];

describe("an upload with a mapping", () => {
  it("becomes readings as the mapping says, and what is refused is told by line", async () => {
    const answer = await post([["mapping", JSON.stringify(MAPPING)], file()]);
    expect(answer.status).toBe(201);
    expect(answer.json()).toMatchObject({
      file_name: "shift.csv",
      bytes: FILE.length,
      accepted: 1,
      rejected: 1,
      rejects: [{ line: 3, reason: expect.stringContaining("never showed"), text: "29.03.2026 02:30;2" }],
    });
    const { log } = http.parts.app;
    const { batches } = await log.read("sensor_readings", await log.earliest("sensor_readings"), 1e6);
    expect(batches.at(-1)!.values).toMatchObject([
      { sensor_id: "KILN-7-TEMP", value: 1.5, timestamp: Date.parse("2026-03-03T11:00:00Z") },
    ]);
  });

  it("is 400 where the mapping is no JSON, wrong, too long, or behind the file, and says what", async () => {
    const wrong = (value: string) => post([["mapping", value], file()]);
    expect(await wrong("{")).toMatchObject({ status: 400, text: expect.stringContaining("not JSON") });
    const zone = await wrong(JSON.stringify({ ...MAPPING, time_zone: "Mars/Olympus" }));
    expect(zone.status).toBe(400);
    expect(zone.json<{ errors: { path: string }[] }>().errors[0]!.path).toBe("time_zone");
    expect((await wrong(" ".repeat(300_000) + JSON.stringify(MAPPING))).status).toBe(400);
    const late = await post([file(), ["mapping", JSON.stringify(MAPPING)]]);
    expect(late).toMatchObject({ status: 400, text: expect.stringContaining("lacks the columns") });
    const known = "timestamp,asset_id,sensor_id,sensor_type,value,unit\n2026-01-01T00:00:00Z,A,B,C,1,K\n";
    expect(await post([file(known), ["mapping", JSON.stringify(MAPPING)]])).toMatchObject({
      status: 400,
      text: expect.stringContaining("put it before"),
    });
  });

  it("is 400 where the file has not the columns that it names", async () => {
    const answer = await post([["mapping", JSON.stringify(MAPPING)], file("Zeit,Temp\n")]);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("lacks the columns Zeit, Temp of the mapping");
    expect((await post([["mapping", JSON.stringify(MAPPING)], file("")])).text).toContain("empty");
  });
});

import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_TIMESTAMP_BOUNDS } from "../../domain/time.ts";
import { fixedClock, inChunks } from "../testing.ts";
import { type CsvReadingsOptions, readCsv } from "./csv-readings.ts";
import { RecordAssembler } from "./records.ts";
import type { CsvRow } from "./row-plan.ts";

const HEADER = "timestamp,asset_id,sensor_id,sensor_type,value,unit,quality";
const row = (second: number, value: string | number = 1) =>
  `2024-01-01T00:00:${String(second).padStart(2, "0")}Z,PUMP-001,PUMP-001-TEMP,temperature,${value},celsius,good`;

async function read(
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  over: Partial<CsvReadingsOptions> = {},
  chunk = 1 << 16,
): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  const source =
    typeof content === "string" || content instanceof Uint8Array ? inChunks(content, chunk) : content;
  for await (const some of readCsv(source, { clock: fixedClock(Date.UTC(2026, 0, 1)), ...over }))
    rows.push(...some);
  return rows;
}
const summary = (rows: CsvRow[]) =>
  rows.map((entry) => ("reading" in entry ? [entry.line, entry.reading.value] : [entry.line, entry.reason]));

describe("reading a CSV of readings", () => {
  it("[bad input 44] a byte order mark, CRLF and quoted newlines are parsed, however the bytes are cut", async () => {
    const text = `\uFEFF${HEADER},note\r\n${row(1)},"two\r\nlines, ""quoted"""\r\n\r\n${row(2, '"2.5"')},\r\n`;
    for (const chunk of [1, 2, 3, 7, 1000])
      expect(summary(await read(text, {}, chunk))).toEqual([
        [2, 1],
        [5, 2.5],
      ]);
  });

  it("takes the columns in any order, quality and asset_type optional, further ones ignored with their names", async () => {
    let ignored: string[] = [];
    const rows = await read(
      "Value, unit,cycle,sensor_type,sensor_id,asset_id,timestamp,asset_type\n-1.5e2,bar,7,pressure,P,A,1704067200000,press\n1,bar,7,pressure,P,A,1704067201000,\n",
      { onHeader: (header) => (ignored = header.ignored) },
    );
    expect(ignored).toEqual(["cycle"]);
    expect(rows[0]).toMatchObject({
      reading: {
        value: -150,
        quality: "good",
        asset_type: "press",
        timestamp: Date.UTC(2024, 0, 1),
      },
    });
    expect(rows[1]).not.toHaveProperty("reading.asset_type");
  });

  it("[bad input 45] an empty file and a missing column are refused, and which column is said", async () => {
    await expect(read("")).rejects.toMatchObject({ code: "invalid_request", message: /empty/ });
    await expect(read("\n\n")).rejects.toMatchObject({ message: expect.stringContaining("empty") });
    await expect(read("timestamp,asset_id,sensor_id,sensor_type,unit\n")).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringMatching(/lacks the column value;/),
    });
    await expect(read(`${HEADER},value\n`)).rejects.toMatchObject({
      message: expect.stringContaining("value twice"),
    });
  });

  it("[bad input 46] ragged rows are rejected with their line, the rest goes on", async () => {
    const rows = await read(`${HEADER}\n${row(1)}\nshort,row\n${row(3)},extra\n${row(4, 4)}`);
    expect(summary(rows)).toEqual([
      [2, 1],
      [3, "expected 7 fields as in the header, found 2"],
      [4, "expected 7 fields as in the header, found 8"],
      [5, 4],
    ]);
  });

  it("[bad input 47] a row that is not UTF-8 is rejected with its line, its neighbours are whole", async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${HEADER}\n${row(1).replace("celsius", "°C")}\r\n`),
      Buffer.from(row(2).replace("celsius", "°C"), "latin1"),
      Buffer.from(`\r\n${row(3).replace("celsius", "°C")}\r\n`),
    ]);
    for (const chunk of [1, 5, 1000]) {
      const rows = await read(bytes, {}, chunk);
      expect(summary(rows)).toEqual([
        [2, 1],
        [3, "not UTF-8"],
        [4, 1],
      ]);
      expect(rows[2]).toMatchObject({ reading: { unit: "°C" } });
    }
  });

  it("[bad input 48] one line of 100 MB is rejected in bounded memory and the rest goes on", async () => {
    let peak = 0;
    const before = process.memoryUsage().arrayBuffers;
    const piece = Buffer.alloc(1 << 20, 120);
    const source = (async function* () {
      yield Buffer.from(`${HEADER}\n${row(1)}\n`);
      for (let n = 0; n < 100; n++) {
        yield piece;
        peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
      }
      yield Buffer.from(`\n${row(2, 2)}\n`);
    })();
    const rows = await read(source);
    expect(summary(rows)).toEqual([
      [2, 1],
      [3, `line of ${100 << 20} bytes, at most 65536 are read`],
      [4, 2],
    ]);
    expect(rows[1]!.text.length).toBeLessThanOrEqual(200);
    expect(peak).toBeLessThan(16 << 20);
  });

  it("[bad input 49] a cell that begins with = is kept as it is", async () => {
    const rows = await read(`${HEADER}\n${row(1).replace("temperature", "=cmd|' /C calc'!A0")}\n`);
    expect(rows[0]).toMatchObject({ reading: { sensor_type: "=cmd|' /C calc'!A0" } });
  });

  it("a quote that is never closed costs its own line only", async () => {
    const many = Array.from({ length: 150 }, (_, n) => row(n % 60, n)).join("\n");
    const rows = await read(`${HEADER}\n"${row(1)}\n${many}\n5" pipe\n${row(2, 2)}\n5" pipe\n${row(3, 3)}\n`);
    const refused = rows.filter((entry) => "reason" in entry).map((entry) => entry.line);
    expect(refused).toEqual([2, 153, 155]);
    expect(rows).toHaveLength(155);
  });

  it("refuses values that are no decimal numbers, and says what was found", async () => {
    const bad = ["", "NaN", "Infinity", "0x1f", "1,5", "1e999"];
    const rows = await read(`${HEADER}\n${bad.map((value) => row(1, `"${value}"`)).join("\n")}`);
    expect(rows.every((entry) => "reason" in entry && entry.reason.startsWith("value: "))).toBe(true);
    expect(rows).toHaveLength(bad.length);
  });

  it("[bad input 37] judges the time where bounds are given", async () => {
    const old = row(1).replace("2024", "1999");
    expect(await read(`${HEADER}\n${old}`, { bounds: DEFAULT_TIMESTAMP_BOUNDS })).toMatchObject([
      { line: 2, reason: expect.stringContaining("before 2000") },
    ]);
  });

  it("goes on after a given line", async () => {
    const rows = await read(`${HEADER}\n${row(1)}\n${row(2, 2)}\n${row(3, 3)}\n`, { after_line: 3 });
    expect(summary(rows)).toEqual([[4, 3]]);
  });

  it("cuts records exactly as csv-parse does", () => {
    const field = fc.string({ unit: fc.constantFrom("a", " ", '"', "\n", ";", "é"), maxLength: 6 });
    const quote = (text: string) => (/["\n,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (records) => {
        const text = records.map((fields) => fields.map(quote).join(",")).join("\n");
        const lines = text.split("\n").map((part, at) => ({ line: at + 1, text: part }));
        const assembler = new RecordAssembler();
        const ours = [...assembler.push(lines), ...assembler.end()].map((record) => record.fields);
        expect(ours).toEqual(parse(text, { relax_column_count: true, record_delimiter: "\n" }));
      }),
    );
  });
});

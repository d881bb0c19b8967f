import { describe, expect, it } from "vitest";
import { type CsvMapping, csvMappingSchema } from "../../domain/csv-mapping.ts";
import { DEFAULT_TIMESTAMP_BOUNDS } from "../../domain/time.ts";
import { fixedClock, inChunks } from "../testing.ts";
import { readCsv } from "./csv-readings.ts";
import type { CsvRow } from "./row-plan.ts";

const german: CsvMapping = csvMappingSchema.parse({
  layout: "rows",
  delimiter: ";",
  decimal: ",",
  time_zone: "Europe/Berlin",
  timestamp: { column: "Zeit" },
  asset_id: { column: "Maschine" },
  sensor_id: { column: "Kanal" },
  sensor_type: { constant: "temperature" },
  value: { column: "Wert" },
  unit: { constant: "celsius" },
});
const wide: CsvMapping = csvMappingSchema.parse({
  layout: "columns",
  timestamp: { column: "time" },
  asset_id: { constant: "KILN-7" },
  time_zone: "UTC",
  sensors: [
    { column: "Temp [°C]", suffix: "TEMP", sensor_type: "temperature", unit: "celsius" },
    { column: "p", suffix: "P", sensor_type: "pressure", unit: "" },
  ],
});

async function read(content: string, mapping: CsvMapping, chunk = 1 << 16): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  const options = { clock: fixedClock(Date.UTC(2027, 0, 1)), bounds: DEFAULT_TIMESTAMP_BOUNDS, mapping };
  for await (const some of readCsv(inChunks(content, chunk), options)) rows.push(...some);
  return rows;
}
const told = (rows: CsvRow[]) =>
  rows.map((row) =>
    "reading" in row
      ? [row.line, row.reading.sensor_id, new Date(row.reading.timestamp).toISOString(), row.reading.value]
      : [row.line, row.reason],
  );

describe("a CSV under a mapping", () => {
  it("with other names, semicolons, decimal commas and a byte order mark becomes readings, however cut", async () => {
    const text =
      '\uFEFFMaschine;Kanal;Zeit;Wert;Notiz\r\nKILN-7;"T;1";03.07.2026 12:00;1,5;x\r\nKILN-7;T2;2026-01-03 12:00:01;-1e3;\r\n';
    for (const chunk of [1, 3, 1_000])
      expect(told(await read(text, german, chunk))).toEqual([
        [2, "T;1", "2026-07-03T10:00:00.000Z", 1.5],
        [3, "T2", "2026-01-03T11:00:01.000Z", -1000],
      ]);
  });

  it("[R-6.15] refuses what is no number in its notation and times that clocks showed twice or never, by line", async () => {
    const rows = [
      "03.07.2026 12:00;1.5",
      "03.07.2026 12:00;1.234,5",
      "03.07.2026 12:00;",
      "29.03.2026 02:30;1",
      "25.10.2026 02:30;1",
    ];
    const text = `Maschine;Kanal;Zeit;Wert\n${rows.map((row) => `K;T;${row}`).join("\n")}`;
    expect(told(await read(text, german))).toEqual([
      [2, 'Wert: expected a number with a decimal comma, found "1.5"'],
      [3, 'Wert: expected a number with a decimal comma, found "1.234,5"'],
      [4, "Wert: empty"],
      [5, expect.stringContaining("never showed 29.03.2026 02:30")],
      [6, expect.stringContaining("showed 25.10.2026 02:30 twice")],
    ]);
  });

  it("with a column for each sensor gives each row's readings; an empty cell is none, a bad one is refused alone", async () => {
    const text =
      "time,Temp [°C],p\n2026-01-01 00:00,20,3\n2026-01-01 00:01,,4\n2026-01-01 00:02,x,5\nbad,1,2\n";
    const rows = await read(text, wide);
    expect(told(rows)).toEqual([
      [2, "KILN-7-TEMP", "2026-01-01T00:00:00.000Z", 20],
      [2, "KILN-7-P", "2026-01-01T00:00:00.000Z", 3],
      [3, "KILN-7-P", "2026-01-01T00:01:00.000Z", 4],
      [4, 'Temp [°C]: expected a number, found "x"'],
      [4, "KILN-7-P", "2026-01-01T00:02:00.000Z", 5],
      [5, expect.stringContaining('expected a time, found "bad"')],
    ]);
    expect(rows[1]).toMatchObject({ reading: { sensor_type: "pressure", unit: "", asset_id: "KILN-7" } });
  });

  it("[bad input 45] is refused where the file is empty, lacks a mapped column or has it twice, and which is said", async () => {
    await expect(read("", german)).rejects.toMatchObject({ message: expect.stringContaining("empty") });
    await expect(read("Zeit;Kanal\n", german)).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringMatching(/lacks the columns Maschine, Wert of the mapping; found Zeit;Kanal/),
    });
    await expect(read("time,p,p,Temp [°C]\n", wide)).rejects.toMatchObject({
      message: expect.stringContaining("names p twice"),
    });
  });

  it("is itself refused where a zone, a source or a layout is not one", () => {
    const paths = (change: object) =>
      csvMappingSchema.safeParse({ ...german, ...change }).error?.issues.map(({ path }) => path.join("."));
    expect(paths({ time_zone: "Mars/Olympus" })).toEqual(["time_zone"]);
    expect(paths({ asset_id: {} })).toEqual(["asset_id"]);
    expect(paths({ delimiter: "x" })).toEqual(["delimiter"]);
    expect(paths({ layout: "table" })).toEqual(["layout"]);
    expect(csvMappingSchema.safeParse({ ...wide, sensors: [] }).success).toBe(false);
  });
});

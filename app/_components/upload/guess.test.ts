import { describe, expect, it } from "vitest";
import { isPlain, mappingOf } from "./draft.ts";
import { guessDelimiter, guessDraft } from "./guess.ts";
import { cutTable, previewOf } from "./preview.ts";

const NOW = Date.UTC(2027, 0, 1);
function look(text: string, zone = "Europe/Berlin") {
  const lines = text.split("\n");
  const delimiter = guessDelimiter(lines[0]!);
  const table = cutTable(lines, delimiter)!;
  return { table, draft: guessDraft(table, delimiter, zone) };
}

describe("what is guessed of a file", () => {
  it("of the columns that this program writes needs no mapping", () => {
    const { draft, table } = look(
      "timestamp,asset_id,sensor_id,sensor_type,value,unit\n2026-01-01T00:00:00Z,P-1,P-1-T,temperature,1.5,celsius\nx,P-1,P-1-T,temperature,1,celsius",
    );
    const { mapping } = mappingOf(draft) as Extract<ReturnType<typeof mappingOf>, { mapping: unknown }>;
    expect(isPlain(mapping)).toBe(true);
    const preview = previewOf(table, mapping, NOW);
    expect([preview.read, preview.rejected]).toEqual([1, 1]);
    expect(preview.rows[1]).toMatchObject({ line: 3, reason: expect.stringContaining("time") });
  });

  it("with other names, semicolons, decimal commas and local times is mapped but for what the file does not say", () => {
    const { draft, table } = look("Zeit;Maschine;Kanal;Wert;Einheit\n03.07.2026 12:00;K7;T1;1,5;°C\n");
    expect(draft).toMatchObject({
      layout: "rows",
      delimiter: ";",
      decimal: ",",
      time_zone: "Europe/Berlin",
      date_order: undefined,
      timestamp: "Zeit",
      value: "Wert",
    });
    expect(mappingOf(draft)).toEqual({ missing: ["the type"] });
    draft.sources.sensor_type = { from: "constant", text: "temperature" };
    const done = mappingOf(draft);
    expect("mapping" in done && previewOf(table, done.mapping, NOW).rows).toMatchObject([
      { reading: { asset_id: "K7", value: 1.5, unit: "°C", timestamp: Date.UTC(2026, 6, 3, 10) } },
    ]);
  });

  it("with a column for each sensor takes those that hold numbers, with unit and type from their heads", () => {
    const { draft } = look(
      "time\tTemp [°C]\tp (bar)\tnote\n1/2/2026 10:00\t20\t\tok\n1/2/2026 10:01\t21\t3\t\n",
    );
    expect(draft).toMatchObject({ layout: "columns", delimiter: "\t", date_order: "" });
    expect(draft.sensors).toEqual([
      { column: "Temp [°C]", taken: true, suffix: "TEMP", sensor_type: "temperature", unit: "°C" },
      { column: "p (bar)", taken: true, suffix: "P", sensor_type: "pressure", unit: "bar" },
      { column: "note", taken: false, suffix: "NOTE", sensor_type: "note", unit: "" },
    ]);
    expect(mappingOf(draft)).toEqual({
      missing: ["whether dates have the day or the month first", "the asset"],
    });
  });

  it("a quoted delimiter in the header is none, and a header that cannot be cut is no table", () => {
    expect(guessDelimiter('"a,b,c,d";x;y')).toBe(";");
    expect(cutTable(['a,"b'], ",")).toBeUndefined();
  });
});

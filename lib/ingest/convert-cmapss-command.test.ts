import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CMAPSS_COLUMNS } from "./cmapss/cmapss-columns.ts";
import { exitCodeOf } from "./command-io.ts";
import { registerConvertCmapss } from "./convert-cmapss-command.ts";
import { readCsv } from "./csv/csv-readings.ts";
import { fileBytes } from "./file-bytes.ts";
import { commandUnderTest } from "./testing.ts";

/** Row `cycle` of engine `unit`: settings and sensors are 1.5, 2.5 … 24.5. */
const engineRow = (unit: number, cycle: number) =>
  `${unit} ${cycle} ${CMAPSS_COLUMNS.map((_, at) => `${at + 1}.50`).join(" ")}  `;

describe("convert-cmapss", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "convert-"));
    reset();
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const { seen, reset, run } = commandUnderTest(registerConvertCmapss, {
    clock: { now: () => 0 },
    random: () => 0.5,
    env: () => undefined,
  });
  const failure = (...args: string[]) =>
    run(...args).then(
      () => undefined,
      (error: Error) => ({ message: error.message, code: exitCodeOf(error) }),
    );
  const file = async (name: string, content: string) => {
    const path = join(directory, name);
    await writeFile(path, content);
    return path;
  };

  it("turns every row of a C-MAPSS file into 24 readings, in order of time over all engines", async () => {
    const input = await file(
      "train.txt",
      [engineRow(1, 1), engineRow(1, 2), engineRow(2, 1), engineRow(2, 2), engineRow(2, 3)].join("\n"),
    );
    const output = join(directory, "deep/engines.csv");
    await run("--cmapss", input, "-o", output, "--cycle-seconds", "30", "--json");
    expect(JSON.parse(seen.out)).toEqual({ readings: 120, rows: 5, assets: 2, path: output });
    const rows = [];
    for await (const some of readCsv(fileBytes(output), { clock: { now: () => 0 } })) rows.push(...some);
    expect(rows).toHaveLength(120);
    const readings = rows.flatMap((row) => ("reading" in row ? [row.reading] : []));
    expect(readings[0]).toEqual({
      asset_id: "ENGINE-001",
      sensor_id: "ENGINE-001-ALT",
      sensor_type: "altitude",
      value: 1.5,
      unit: "kft",
      quality: "good",
      timestamp: Date.UTC(2024, 0, 1, 0, 0, 30),
      asset_type: "engine",
    });
    const times = readings.map((reading) => reading.timestamp);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(readings.filter((reading) => reading.asset_id === "ENGINE-002")).toHaveLength(72);
    expect((await readFile(output, "utf8")).split("\n")[7]).toBe(
      "2024-01-01T00:00:30.000Z,ENGINE-001,ENGINE-001-T50,temperature,7.50,rankine,good,engine,1",
    );
  });

  it("knows 24 columns with different symbols", () => {
    expect(new Set(CMAPSS_COLUMNS.map((column) => column.symbol)).size).toBe(24);
  });

  it("refuses a missing file and files of another shape with the line, what was found, what was expected", async () => {
    expect(await failure("--cmapss", join(directory, "none.txt"))).toEqual({
      code: 2,
      message: expect.stringMatching(/none\.txt cannot be read: there is no such file/),
    });
    const cases: [string, RegExp][] = [
      ["", /line 1: found an empty file; expected 26 numbers/],
      ["timestamp,value\n", /line 1: found 1 field \(timestamp,value\); expected 26 numbers/],
      [`${engineRow(1, 1)}\n1 2 3\n`, /line 2: found 3 fields/],
      [`${engineRow(1, 1)}\n${engineRow(1, 2).replace("2.50", "NaN")}`, /line 2: found "NaN"/],
      [`${engineRow(1, 1).replace("1 1", "1.5 1")}`, /line 1: found unit 1\.5/],
      [`${engineRow(1, 1)}\n${engineRow(1, 1)}`, /line 2: found cycle 1 of unit 1 again \(first in line 1\)/],
    ];
    for (const [content, message] of cases) {
      const output = join(directory, "out.csv");
      expect(await failure("--cmapss", await file("bad.txt", content), "-o", output)).toEqual({
        code: 2,
        message: expect.stringMatching(message),
      });
    }
    expect(await readdir(directory)).toEqual(["bad.txt"]);
  });

  it("generates a plant with its truth beside it", async () => {
    const output = join(directory, "plant.csv");
    await run(
      "--generate",
      "--assets",
      "2",
      "--hours",
      "0.1",
      "--interval",
      "2s",
      "--seed",
      "4",
      "-o",
      output,
    );
    expect(seen.err).toMatch(
      /^Wrote \d+ readings of 2 assets to .*plant\.csv; 1 planted failure, told in .*truth\.json/m,
    );
    expect(seen.out).toBe("");
    const lines = (await readFile(output, "utf8")).trim().split("\n");
    expect(lines[0]).toBe("timestamp,asset_id,sensor_id,sensor_type,value,unit,quality,asset_type");
    expect(lines[1]).toMatch(
      /^2024-01-01T00:00:00\.000Z,PUMP-001,PUMP-001-TEMP,temperature,[\d.]+,celsius,good,pump$/,
    );
  });

  it("refuses neither and both of its two ways, and options that make no sense", async () => {
    expect(await failure()).toMatchObject({
      code: 2,
      message: expect.stringContaining("--generate or --cmapss"),
    });
    expect(await failure("--generate", "--cmapss", "x")).toMatchObject({ code: 2 });
    expect(await failure("--cmapss", "x", "--run-to-failure")).toMatchObject({ code: 2 });
    for (const option of [
      ["--assets", "0"],
      ["--hours", "-1"],
      ["--interval", "soon"],
      ["--start", "x"],
    ])
      expect(await failure("--generate", ...option)).toMatchObject({
        code: 2,
        message: expect.stringContaining(option[0]!),
      });
  });

  it("says that the place cannot be written to", async () => {
    const blocked = await file("blocked", "");
    expect(await failure("--generate", "-o", join(blocked, "x.csv"))).toMatchObject({
      code: 2,
      message: expect.stringContaining("cannot be written"),
    });
  });

  it("Ctrl-C leaves nothing half-written and ends with 130", async () => {
    seen.abort.abort();
    const ended = await failure("--generate", "--hours", "5", "-o", join(directory, "x.csv"));
    expect(ended).toMatchObject({ code: 130 });
    expect(await readdir(directory)).toEqual([]);
  });

  it("explains itself with examples", async () => {
    await failure("--help");
    expect(seen.out).toContain("Examples:");
    expect(seen.out).toContain("--run-to-failure");
  });
});

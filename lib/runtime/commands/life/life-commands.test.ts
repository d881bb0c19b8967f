import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../../adapters/embedded/store.ts";
import { formatTimestamp } from "../../../domain/time.ts";
import { formatModel, parseModel, sealModel } from "../../../health/life/model-file.ts";
import { wearingFleet } from "../../../health/testing.ts";
import { systemClock } from "../../system-clock.ts";
import { registerModel } from "./model.ts";
import { registerScore } from "./score.ts";
import { exitOf, writeRuns } from "./testing.ts";
import { registerTrain } from "./train.ts";

const train = exitOf(registerTrain);
const score = exitOf(registerScore);
const model = exitOf(registerModel);

const fleet = wearingFleet(8, { seed: 11 }).runs;
const strangers = wearingFleet(3, { seed: 12 }).runs;
let directory: string;
let runs: string;
let trained: string;
let test: string;
const path = (name: string) => join(directory, name);
const FAST = ["--folds", "2", "--cap", "80"];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "life-commands-"));
  runs = await writeRuns(path("runs.csv"), fleet);
  test = await writeRuns(
    path("test.csv"),
    strangers.map((run) => ({ ...run, frames: run.frames.slice(0, -10) })),
  );
  trained = path("engine.model.json");
  const { code, err } = await train(runs, "--out", trained, ...FAST);
  expect(code, err).toBe(0);
}, 120_000);
afterAll(() => rm(directory, { recursive: true }));

describe("train", () => {
  it("writes a model and its report, and prints figures for people and for programs", async () => {
    const [out, report] = [path("m.json"), path("m.html")];
    const { code, err, out: told } = await train(runs, "--out", out, "--report", report, ...FAST, "--json");
    expect(code).toBe(0);
    expect(err).toContain("RMSE, held-out assets");
    expect(err).toContain(`Wrote ${out}`);
    const file = parseModel(await readFile(out, "utf8"));
    expect(JSON.parse(told)).toMatchObject({ out, unit: "cycles", step_ms: null, assets: 8, regimes: 1 });
    expect(file.provenance).toMatchObject({ source: "runs.csv", folds: 2, seed: 1 });
    const page = await readFile(report, "utf8");
    expect(page).toContain("<svg");
    expect(page).toContain(file.provenance.source_sha256);
    // The same readings, options and seed give the same bytes.
    expect(await readFile(out, "utf8")).toBe(await readFile(trained, "utf8"));
  });

  it("counts life in hours without a column cycle, and learns from what --failures names", async () => {
    const hours = await writeRuns(path("hours.csv"), fleet, { cycles: false });
    const failures = path("failures.csv");
    const named = fleet.slice(0, 6);
    const half = (run: (typeof fleet)[0]) => formatTimestamp(run.failed_at + 3_600_000);
    await writeFile(
      failures,
      `asset_id,failed_at\n${named.map((run) => `${run.asset_id},${half(run)}\n`).join("")}\n`,
    );
    const { code, out } = await train(
      ...[hours, "--out", path("h.json"), "--failures", failures, ...FAST, "--json"],
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ unit: "hours", assets: 6, step_ms: 30_000 });
  });

  it.each([
    ["a file that is not there", () => ["missing.csv"], "missing.csv cannot be read: there is no such file"],
    ["a directory", () => [directory], "it is a directory"],
    ["another type of asset", () => [runs, "--asset-type", "pump"], "no readings of assets of type pump"],
    ["a place that cannot be written to", () => [runs, "--out", "/dev/null/x", ...FAST], "cannot be written"],
    ["failures that are not there", () => [runs, "--failures", "none.csv"], "none.csv cannot be read"],
    ["a cap of nothing", () => [runs, "--cap", "1"], "--cap"],
    ["an unknown unit", () => [runs, "--unit", "days"], "Allowed choices are cycles, hours"],
    ["an option that there is not", () => [runs, "--frobnicate"], "unknown option"],
    ["no file at all", () => [], "missing required argument"],
  ])("refuses %s with exit code 2 and a sentence", async (_, args, sentence) => {
    const { code, message } = await train(...args());
    expect(message).toContain(sentence);
    expect(code).toBe(2);
  });

  it("refuses files that are none to learn from, each with what is wrong, and writes nothing", async () => {
    const before = await readdir(directory);
    const shape = path("shape.csv");
    const told = async (content: string, ...args: string[]) => {
      await writeFile(shape, content);
      return await train(shape, "--out", path("never.json"), ...args);
    };
    expect(await told("")).toMatchObject({ code: 2, message: expect.stringContaining("empty") });
    expect(await told("a,b\n1,2\n")).toMatchObject({
      code: 2,
      message: expect.stringContaining("timestamp"),
    });
    await writeRuns(shape, fleet.slice(0, 4));
    expect(await train(shape)).toMatchObject({
      code: 2,
      message: "4 runs to failure; at least 5 assets are needed.",
    });
    const both = `${await readFile(shape, "utf8")}${formatTimestamp(0)},P-1,P-1-T,temperature,1,celsius,pump,1\n`;
    expect(await told(both)).toMatchObject({ code: 2, message: expect.stringContaining("engine, pump") });
    const still = fleet.map((run) => ({
      ...run,
      frames: run.frames.map((frame) => ({ ...frame, values: new Float64Array(8).fill(5) })),
    }));
    await writeRuns(shape, still);
    expect(await train(shape)).toMatchObject({
      code: 2,
      message: expect.stringContaining("there is nothing to learn from"),
    });
    await writeFile(path("bad-failures.csv"), "asset_id,failed_at\nENGINE-001,yesterday\n");
    expect(await train(runs, "--failures", path("bad-failures.csv"))).toMatchObject({
      code: 2,
      message: expect.stringContaining("line 2: expected asset_id,failed_at"),
    });
    expect((await readdir(directory)).filter((name) => !before.includes(name)).sort()).toEqual([
      "bad-failures.csv",
      "shape.csv",
    ]);
  });
});

describe("score", () => {
  it("writes a row an asset and time step, the health score alone without a model", async () => {
    const [bare, judged] = [await score(test), await score(test, "--model", trained)];
    expect([bare.code, judged.code]).toEqual([0, 0]);
    const [header, ...rows] = judged.out.trimEnd().split("\n");
    expect(header).toBe("asset_id,timestamp,cycle,score,risk_level,rul,rul_low,rul_high,reason");
    expect(rows).toHaveLength(strangers.reduce((sum, { frames }) => sum + frames.length - 10, 0));
    expect(rows.at(-1)).toMatch(/^ENGINE-003,[^,]+,\d+,[\d.]+,(critical|high),[\d.]+,[\d.]+,[\d.]+,$/);
    expect(bare.out.trimEnd().split("\n").at(-1)).toMatch(/,,,,$/);
  });

  it("tells how good a model is against the true lives", async () => {
    const truth = path("truth.txt");
    await writeFile(truth, "10\n10\n10\n");
    const out = path("scores.csv");
    const {
      code,
      err,
      out: told,
    } = await score(...[test, "--model", trained, "--truth", truth, "-o", out, "--json"]);
    expect(code).toBe(0);
    expect(err).toMatch(/^3 assets: RMSE /);
    const figures = JSON.parse(told) as { n: number; rmse: number; withheld: number; cap: number };
    expect(figures).toMatchObject({ n: 3, withheld: 0, cap: 80 });
    expect(figures.rmse).toBeLessThan(15);
    await writeFile(truth, "10\n10\n");
    expect(await score(test, "--model", trained, "--truth", truth, "-o", out)).toMatchObject({
      code: 2,
      message: expect.stringContaining("expected 3 remaining lives, one for each asset, found 2"),
    });
  });

  it("withholds the life of assets whose sensors are not the model's, with the reason", async () => {
    const foreign = path("foreign.csv");
    const rows = Array.from({ length: 30 }, (_, k) =>
      ["FLOW,flow,m3/h", "LEVEL,level,m"].map((sensor) => {
        const [suffix, sensor_type, unit] = sensor.split(",");
        return `${formatTimestamp(k * 60_000 + 1e12)},P-1,P-1-${suffix},${sensor_type},${k % 3},${unit}`;
      }),
    ).flat();
    await writeFile(foreign, `timestamp,asset_id,sensor_id,sensor_type,value,unit\n${rows.join("\n")}\n`);
    const { code, out } = await score(foreign, "--model", trained);
    expect(code).toBe(0);
    const told = out.trimEnd().split("\n").slice(21);
    expect(told.length).toBeGreaterThan(5);
    for (const row of told) expect(row).toMatch(/,,,,"?sensors are missing: /);
  });

  it.each([
    ["readings that are not there", () => ["missing.csv"], "missing.csv cannot be read"],
    ["a model that is not there", () => [test, "--model", "none.json"], "none.json cannot be read"],
    ["a model that is none", () => [test, "--model", test], "is refused: it is no JSON"],
    ["--truth without a model", () => [test, "--truth", "t.txt"], "--truth needs --model"],
    ["--json without a place for the scores", () => [test, "--json"], "--json needs -o FILE"],
    [
      "true lives that are not there",
      () => [test, "--model", trained, "--truth", "t.txt"],
      "t.txt cannot be",
    ],
    ["a place that cannot be written to", () => [test, "-o", "/dev/null/x/y.csv"], "/dev/null/x"],
  ])("refuses %s with exit code 2 and a sentence", async (_, args, sentence) => {
    const { code, message } = await score(...args());
    expect(message).toContain(sentence);
    expect(code).toBe(2);
  });
});

describe("model", () => {
  let data_dir: string;
  const at = (...args: string[]) => [...args, "--data-dir", data_dir];
  const install = (file: string, type = "engine", tenant = "north") =>
    model(...at("install", file, "--tenant", tenant, "--asset-type", type));

  beforeAll(async () => {
    data_dir = path("data");
    const store = openStore({ data_dir, clock: systemClock });
    await store.start();
    await store.addTenant({ tenant_id: "north", name: "North", created_at: 0 }, []);
    await store.stop();
  });

  it("is installed, listed, replaced and removed", async () => {
    expect(await install(trained)).toMatchObject({
      code: 0,
      err: expect.stringMatching(
        /^engine@[0-9a-f]{12} judges the assets of type engine of north; life in cycles\.\n$/,
      ),
    });
    await install(trained);
    const listed = await model(...at("list", "--tenant", "north", "--json"));
    expect(JSON.parse(listed.out)).toEqual([
      {
        asset_type: "engine",
        model: expect.stringMatching(/^engine@/),
        installed_at: "2025-01-01T00:00:00.000Z",
      },
    ]);
    expect((await model(...at("list", "--tenant", "north"))).out).toMatch(/^engine\tengine@\S+\t2025-/);
    const remove = at("remove", "--tenant", "north", "--asset-type", "engine");
    expect(await model(...remove)).toMatchObject({ code: 0 });
    expect(await model(...remove)).toMatchObject({
      code: 1,
      message: "No model judges engine of north.",
    });
    expect((await model(...at("list", "--tenant", "north"))).out).toBe("");
  });

  it("that was learned from another type of asset is installed, and that is said", async () => {
    const { code, err } = await install(trained, "pump");
    expect(code).toBe(0);
    expect(err).toContain("it was learned from assets of type engine");
    await model(...at("remove", "--tenant", "north", "--asset-type", "pump"));
  });

  it("is refused with exit code 1 of a tenant that does not exist, and where no server ever ran", async () => {
    const unknown = "There is no tenant south.";
    expect(await install(trained, "engine", "south")).toMatchObject({ code: 1, message: unknown });
    expect(await model(...at("list", "--tenant", "south"))).toMatchObject({ code: 1, message: unknown });
    expect(await model(...at("remove", "--tenant", "south", "--asset-type", "x"))).toMatchObject({
      code: 1,
      message: unknown,
    });
    const nowhere = ["list", "--tenant", "north", "--data-dir", path("nowhere")];
    expect(await model(...nowhere)).toMatchObject({
      code: 1,
      message: expect.stringContaining("no FORESIGHT data"),
    });
  });

  it("[R-8.48] is refused with exit code 2 where it is damaged, of a newer version, or does not fit itself", async () => {
    const file = path("damaged.json");
    const text = await readFile(trained, "utf8");
    const refused = async (content: string, sentence: string) => {
      await writeFile(file, content);
      const { code, message } = await install(file);
      expect(message).toContain(sentence);
      expect(code).toBe(2);
    };
    await refused(text.replace('"cap": 80', '"cap": 90'), "its checksum is not that of its content");
    await refused(
      text.replace(/"version": \d+/, '"version": 99'),
      "it is of version 99, this FORESIGHT reads",
    );
    await refused(text.replace("foresight-life-model", "another-model"), "its format is not");
    await refused(text.slice(0, -200), "it is no JSON");
    const { sha256: _, ...content } = parseModel(text);
    const { parameters } = content;
    const short = { ...content, parameters: { ...parameters, farthest: parameters.farthest.slice(1) } };
    await refused(formatModel(sealModel(short)), "numbers where");
    expect(await install("none.json")).toMatchObject({
      code: 2,
      message: expect.stringContaining("no such file"),
    });
    expect((await model(...at("list", "--tenant", "north"))).out).toBe("");
  });

  it("needs its tenant, type and file: exit code 2", async () => {
    for (const args of [
      ["install", trained],
      ["install"],
      ["list"],
      ["remove", "--tenant", "north"],
      ["polish"],
    ])
      expect((await model(...at(...args))).code).toBe(2);
  });
});

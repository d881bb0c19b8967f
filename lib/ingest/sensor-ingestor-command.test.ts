import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ForesightError } from "../domain/errors.ts";
import { exitCodeOf } from "./command-io.ts";
import { startTestServer, type TestServer } from "./ingestor/test-server.ts";
import { type MintLocalToken, registerSensorIngestor } from "./sensor-ingestor-command.ts";
import { commandUnderTest } from "./testing.ts";

const START = Date.UTC(2024, 0, 1);
const HEADER = "timestamp,asset_id,sensor_id,sensor_type,value,unit,quality";
const row = (n: number) =>
  `${new Date(START + n * 1_000).toISOString()},PUMP-001,PUMP-001-TEMP,temperature,${n},celsius,good`;
const csv = (rows: number) => `${HEADER}\n${Array.from({ length: rows }, (_, n) => row(n)).join("\n")}\n`;
const upTo = (rows: number) => Array.from({ length: rows }, (_, n) => n);

describe("sensor-ingestor", () => {
  let directory: string;
  let file: string;
  let server: TestServer;
  let mint: MintLocalToken;
  let environment: Record<string, string>;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "sensor-ingestor-"));
    file = join(directory, "plant.csv");
    server = await startTestServer(Date.now);
    reset();
    mint = async () => ({ url: server.url, token: "LOCAL" });
    environment = {};
  });
  afterEach(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const { seen, reset, run } = commandUnderTest(
    (program, io) => registerSensorIngestor(program, io, (options) => mint(options)),
    { clock: { now: Date.now }, random: () => 0.01, env: (name) => environment[name] },
  );
  const failure = (...args: string[]) =>
    run(...args).then(
      () => undefined,
      (error: Error) => ({ message: error.message, code: exitCodeOf(error) }),
    );
  const values = () => server.readings().map((reading) => reading.value);
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setImmediate(resolve));
  };

  it("finds this machine's server and streams the file to it, with a summary for people and for programs", async () => {
    await writeFile(file, csv(1_000));
    let asked: object | undefined;
    mint = async (options) => {
      asked = options;
      return { url: server.url, token: "LOCAL" };
    };
    await run(file, "--json", "--batch", "300", "--tenant", "acme", "--data-dir", "/somewhere");
    expect(asked).toEqual({ tenant: "acme", data_dir: "/somewhere" });
    expect(values()).toEqual(upTo(1_000));
    expect(server.requests).toHaveLength(4);
    expect(server.requests[0]!.authorization).toBe("Bearer LOCAL");
    expect(JSON.parse(seen.out)).toMatchObject({
      finished: true,
      rows: 1_000,
      accepted: 1_000,
      duplicates: 0,
      rejected: 0,
      line: 1_001,
    });
    expect(seen.err).toMatch(/Done after line 1001: 1000 rows in .*1000 accepted, 0 duplicate, 0 rejected\./);
  });

  it("a server that restarts in mid-stream loses and doubles nothing", async () => {
    await writeFile(file, csv(2_000));
    const running = run(file, "--batch", "100", "--json");
    await until(() => server.readings().length >= 300);
    server.mischief.push("lose answer");
    await server.stop();
    await server.start();
    await running;
    expect(values()).toEqual(upTo(2_000));
    expect(JSON.parse(seen.out)).toMatchObject({ accepted: 2_000, duplicates: 0 });
  });

  it("Ctrl-C says how to go on and ends with 130; --resume goes on from there", async () => {
    await writeFile(file, csv(2_000));
    const interrupted = failure(file, "--batch", "50");
    await until(() => server.readings().length >= 200);
    seen.abort.abort();
    expect(await interrupted).toEqual({
      code: 130,
      message: `Interrupted. Go on with: foresight sensor-ingestor ${file} --resume`,
    });
    const before = server.requests.length;
    seen.abort = new AbortController();
    await run(file, "--batch", "50", "--resume", "--json");
    expect(values()).toEqual(upTo(2_000));
    expect(JSON.parse(seen.out).resumed_after_line).toBeGreaterThan(150);
    expect(server.requests.length - before).toBeLessThan(38);
    await run(file, "--resume");
    expect(seen.err).toMatch(/Done after line 2001: 0 rows/);
  });

  it("the interrupted command line is told without its token", async () => {
    await writeFile(file, csv(10));
    seen.abort.abort();
    const told = await failure(file, "--url", server.url, "--token", "SECRET", "--speed", "10", "--now");
    expect(told!.message).toContain(`--speed 10 --now --url ${server.url} --token … --resume`);
    expect(told!.message + seen.err).not.toContain("SECRET");
  });

  it("[bad input 46] [bad input 47] rejected rows go into a rejects file with line, reason and text", async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${HEADER}\n${row(0)}\nshort,"row"\n`),
      Buffer.from([0xff, 0x0a]),
      Buffer.from(`=1+1,x\n${row(3).replace("2024", "1999")}\n${row(4)}\n`),
    ]);
    await writeFile(file, bytes);
    const rejects = join(directory, "rejects.csv");
    await run(file, "--rejects", rejects);
    expect(values()).toEqual([0, 4]);
    const lines = (await readFile(rejects, "utf8")).trim().split("\n");
    expect(lines[0]).toBe("line,reason,text");
    expect(lines[1]).toBe('3,"expected 7 fields as in the header, found 2","short,""row"""');
    expect(lines[2]).toMatch(/^4,not UTF-8,/);
    expect(lines[3]).toBe(`5,"expected 7 fields as in the header, found 2","'=1+1,x"`);
    expect(lines[4]).toMatch(/^6,.*before 2000/);
    expect(seen.err).toContain("Line 3 rejected");
  });

  it("counts all rejects of a batch, and says so where the server names only some", async () => {
    const old = Array.from({ length: 150 }, (_, n) => row(n % 60).replace("2024", "1999"));
    await writeFile(file, `${HEADER}\n${row(0)}\n${old.join("\n")}`);
    const rejects = join(directory, "rejects.csv");
    await run(file, "--rejects", rejects, "--json");
    expect(JSON.parse(seen.out)).toMatchObject({ accepted: 1, rejected: 150 });
    expect(await readFile(rejects, "utf8")).toContain("50 further rows of lines 2 to 152 were rejected");
  });

  it("[bad input 45] an empty file, a missing column and a missing file end with 2, and what was expected", async () => {
    await writeFile(file, "");
    expect(await failure(file)).toEqual({ code: 2, message: expect.stringContaining("empty") });
    await writeFile(file, "timestamp,asset_id,sensor_id,sensor_type,unit\n");
    expect(await failure(file)).toEqual({ code: 2, message: expect.stringContaining("column value") });
    for (const options of [[], ["--resume"]])
      expect(await failure(join(directory, "none.csv"), ...options)).toEqual({
        code: 2,
        message: expect.stringContaining("there is no such file"),
      });
    expect(server.requests).toEqual([]);
  });

  it("says that no server runs, and how to start one", async () => {
    await writeFile(file, csv(1));
    mint = async () => {
      throw new ForesightError("unavailable", "No FORESIGHT server runs. Start one with ./scripts/start.sh.");
    };
    expect(await failure(file)).toEqual({ code: 1, message: expect.stringContaining("start.sh") });
  });

  it("takes the token from the option, the environment, or this machine's server if that is the one named", async () => {
    await writeFile(file, csv(1));
    const used = () => server.requests.at(-1)?.authorization;
    await run(file, "--url", server.url, "--token", "OPTION");
    expect(used()).toBe("Bearer OPTION");
    await run(file, "--url", server.url.replace("127.0.0.1", "localhost"));
    expect(used()).toBe("Bearer LOCAL");
    mint = async () => ({ url: "http://127.0.0.1:1", token: "LOCAL" });
    expect(await failure(file, "--url", server.url)).toMatchObject({
      code: 2,
      message: expect.stringContaining("--token"),
    });
    environment.FORESIGHT_TOKEN = "ENVIRONMENT";
    await run(file, "--url", server.url);
    expect(used()).toBe("Bearer ENVIRONMENT");
  });

  it("--now stamps readings with the present and keeps simultaneous ones together", async () => {
    const two = (n: number) => `${row(n)}\n${row(n).replaceAll("PUMP-001-TEMP", "PUMP-001-VIB")}`;
    await writeFile(file, `${HEADER}\n${two(0)}\n${two(1)}\n`);
    const before = Date.now();
    await run(file, "--now");
    const stamps = server.readings().map((reading) => reading.timestamp);
    expect(stamps[0]).toBeGreaterThanOrEqual(before);
    expect(stamps[1]).toBe(stamps[0]);
    expect(stamps[3]).toBe(stamps[2]);
    expect(stamps[2]).toBeGreaterThan(stamps[0]!);
  });

  it("--realtime --speed takes the file's time divided by the speed, from the first 100 ms of readings on", async () => {
    await writeFile(file, csv(11));
    const began = Date.now();
    await run(file, "--realtime", "--speed", "50");
    expect(Date.now() - began).toBeGreaterThanOrEqual(115);
    expect(values()).toEqual(upTo(11));
    expect(server.requests.length).toBeGreaterThan(1);
  });

  it("refuses options that make no sense with 2", async () => {
    await writeFile(file, csv(1));
    for (const options of [
      ["--speed", "0"],
      ["--url", "nowhere"],
      ["--batch", "x"],
      ["--patience", "long"],
      ["--rejects", join(file, "x")],
    ])
      expect(await failure(file, ...options)).toMatchObject({ code: 2 });
    expect(await failure()).toMatchObject({ code: 2 });
  });

  it("explains itself with examples", async () => {
    expect(await failure("--help")).toMatchObject({ code: 0 });
    expect(seen.out).toContain("Examples:");
    expect(seen.out).toContain("--realtime --now --resume");
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acquireDataLock } from "./data-lock.ts";

describe("the lock of a data directory", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "foresight-lock-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("creates the directory for its owner alone", () => {
    const lock = acquireDataLock(join(folder, "a", "data"));
    expect(statSync(join(folder, "a", "data")).mode & 0o777).toBe(0o700);
    lock.release();
  });

  it("is held by one at a time, says which directory is taken, and is free once released", () => {
    const lock = acquireDataLock(folder);
    expect(() => acquireDataLock(folder)).toThrow(
      expect.objectContaining({
        code: "conflict",
        message: expect.stringMatching(new RegExp(`${folder} is in use .* --data-dir`)),
      }),
    );
    lock.release();
    lock.release();
    acquireDataLock(folder).release();
  });

  it("is left by a process that is killed", async () => {
    const holder = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        "--input-type=module",
        "-e",
        `import { acquireDataLock } from ${JSON.stringify(new URL("./data-lock.ts", import.meta.url).href)};
         acquireDataLock(${JSON.stringify(folder)});
         process.stdout.write("held");
         setInterval(() => undefined, 1000);`,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await once(holder.stdout, "data");
    expect(() => acquireDataLock(folder)).toThrow(/is in use/);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    acquireDataLock(folder).release();
  });

  it("says in a sentence where the directory cannot be", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => acquireDataLock(join(folder, "file"))).toThrow(/a file is in its way; choose another/);
    expect(() => acquireDataLock(join(folder, "file", "data"))).toThrow(
      /a file is in its way; choose another/,
    );
  });
});

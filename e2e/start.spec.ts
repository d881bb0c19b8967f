import { chmod, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { foresight } from "./support/cli.ts";
import { removeData, startServer } from "./support/server.ts";

test.describe("starting and stopping", () => {
  test("a first start makes the data directory, a secret of its own and the demo users, and SIGTERM ends it with 0 within 5 s", async () => {
    const server = await startServer({ env: { DEMO_PASSWORD: "" } });
    expect(server.output()).toMatch(/admin@demo, operator@demo or viewer@demo with the password \S{12}/);
    expect((await readFile(join(server.data_dir, "secret"), "utf8")).length).toBeGreaterThanOrEqual(64);
    expect((await stat(join(server.data_dir, "secret"))).mode & 0o077).toBe(0);
    const asked = Date.now();
    expect(await server.stop("SIGTERM")).toBe(0);
    expect(Date.now() - asked).toBeLessThan(5_000);
    const again = await startServer({ data_dir: server.data_dir, env: { DEMO_PASSWORD: "" } });
    expect(again.output()).not.toContain("with the password");
    expect(await again.stop("SIGINT")).toBe(0);
    await removeData(server);
  });

  test("a taken port is a clear sentence and exit code 1", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    const folder = await mkdtemp(join(tmpdir(), "foresight-e2e-"));
    const { code, stderr } = await foresight(["start", "--port", String(port), "--data-dir", folder]);
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} on 127.0.0.1 is taken`);
    taken.close();
    await rm(folder, { recursive: true });
  });

  test("a second server on the same data directory is refused with exit code 1, and the first lives on", async () => {
    const first = await startServer();
    const { code, stderr } = await foresight(["start", "--port", "0", "--data-dir", first.data_dir]);
    expect(code).toBe(1);
    expect(stderr).toContain(first.data_dir);
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
    await first.stop();
    await removeData(first);
  });

  test("a data directory that cannot be written is a clear sentence and exit code 1", async () => {
    const folder = await mkdtemp(join(tmpdir(), "foresight-e2e-"));
    // A file where a folder is needed stops root too, whom permissions do not.
    const { code, stderr } = await foresight(["start", "--port", "0", "--data-dir", "/dev/null/data"]);
    expect(code).toBe(1);
    expect(stderr).toContain("/dev/null/data");
    if (process.getuid?.() !== 0) {
      await chmod(folder, 0o500);
      const refused = await foresight(["start", "--port", "0", "--data-dir", folder]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(folder);
      await chmod(folder, 0o700);
    }
    await rm(folder, { recursive: true });
  });

  test("[bad input 69] beyond loopback a missing, short or poor secret refuses to boot and names the variable", async () => {
    for (const secret of ["", "short", "a".repeat(64)]) {
      const { code, stderr } = await foresight(["start", "--host", "0.0.0.0", "--port", "0"], {
        env: { NEXTAUTH_SECRET: secret, NEXTAUTH_URL: "https://foresight.example.com" },
      });
      expect(code).toBe(2);
      expect(stderr).toContain("NEXTAUTH_SECRET");
    }
  });

  test("token, user, tenant and doctor work beside a running server", async () => {
    const server = await startServer();
    const beside = (args: string[], stdin?: string) =>
      foresight([...args, "--data-dir", server.data_dir], { stdin });
    const token = await beside(["token", "--tenant", "demo", "--role", "viewer"]);
    expect(token.code).toBe(0);
    const stats = await fetch(`${server.url}/api/stats`, {
      headers: { authorization: `Bearer ${token.stdout.trim()}` },
    });
    expect(stats.status).toBe(200);
    expect(await stats.json()).toMatchObject({ tenant_id: "demo", readings: 0 });

    expect((await beside(["tenant", "add", "north"])).code).toBe(0);
    const added = await beside(["user", "add", "anna@north", "--tenant", "north", "--role", "operator"]);
    expect(added.code).toBe(0);
    expect(added.stdout.trim().length).toBeGreaterThanOrEqual(12);
    const listed = await beside(["user", "list", "--tenant", "north", "--json"]);
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { username: "anna@north", role: "operator", disabled: false },
    ]);
    expect((await beside(["user", "passwd", "anna@north"], "a better password\n")).code).toBe(0);
    expect((await beside(["token", "--tenant", "nowhere", "--role", "viewer"])).code).toBe(1);

    const doctor = await beside(["doctor", "--json"]);
    expect(doctor.code).toBe(0);
    expect(JSON.parse(doctor.stdout)).toContainEqual(
      expect.objectContaining({ part: "server: processor", ok: true }),
    );
    await server.stop();
    await removeData(server);
  });

  test("wrong usage is exit code 2 and every command has help with an example", async () => {
    expect((await foresight(["token", "--tenant", "demo", "--role", "king"])).code).toBe(2);
    expect((await foresight(["nothing"])).code).toBe(2);
    for (const command of ["start", "token", "convert-cmapss", "sensor-ingestor"]) {
      const { code, stdout } = await foresight([command, "--help"]);
      expect(code).toBe(0);
      expect(stdout).toContain("Example");
    }
  });
});

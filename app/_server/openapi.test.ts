import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { readConfig } from "../../lib/runtime/config.ts";
import { publishApp } from "../../lib/runtime/handle.ts";
import { fakeLogger, fakeMetrics } from "../../lib/testing/fake-system.ts";
import { GET } from "../api/openapi.json/route.ts";
import { METHODS } from "./contract.ts";
import { CONTRACTS } from "./contracts/all.ts";

interface Operation {
  operationId: string;
  summary: string;
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: object };
  responses: Record<string, { description: string }>;
  security: object[];
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: object };
}

const app = join(import.meta.dirname, "..");
async function documented(): Promise<Document> {
  publishApp({ config: readConfig({}, {}), logger: fakeLogger(), metrics: fakeMetrics() } as never);
  const response = await GET(new Request("http://localhost/api/openapi.json"));
  publishApp(undefined);
  return (await response.json()) as Document;
}

/** `app/api/assets/[asset_id]/route.ts` → `/api/assets/{asset_id}`. */
const routes = (readdirSync(app, { recursive: true }) as string[])
  .filter((file) => /(^|\/)route\.ts$/.test(file) && !file.startsWith("static"))
  .map((file) => {
    const folder = relative(".", file).replace(/\/?route\.ts$/, "");
    return { file, path: `/${folder.replace(/\[(?:\.\.\.)?(\w+)\]/g, "{$1}")}` };
  });

describe("the OpenAPI document", () => {
  it("has the shape of OpenAPI 3.1, with every reference resolved and every operation named once", async () => {
    const document = await documented();
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({
      title: "FORESIGHT",
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    const names = new Set<string>();
    for (const [path, item] of Object.entries(document.paths)) {
      expect(path).toMatch(/^\//);
      for (const [method, operation] of Object.entries(item)) {
        expect(METHODS.map((name) => name.toLowerCase())).toContain(method);
        expect(names).not.toContain(operation.operationId);
        names.add(operation.operationId);
        expect(operation.summary).not.toBe("");
        const inPath = operation.parameters.filter((parameter) => parameter.in === "path");
        expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
        expect(inPath.every(({ required }) => required)).toBe(true);
        expect(Object.keys(operation.responses).every((status) => /^[2345]\d\d$/.test(status))).toBe(true);
        expect(Object.values(operation.responses).every(({ description }) => description !== "")).toBe(true);
      }
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, target]) => target!,
    );
    expect(references.length).toBeGreaterThan(20);
    for (const target of references) {
      expect(target).toMatch(/^#\/components\/schemas\/\w+$/);
      expect(document.components.schemas).toHaveProperty(target.split("/").at(-1)!);
    }
    expect(JSON.stringify(document)).not.toContain("$defs");
  });

  it("every route file is in it with all its methods, and it has no address without a route", async () => {
    const { paths } = await documented();
    for (const { file, path } of routes) {
      // next-auth's own addresses, and the place for what is nowhere.
      if (path === "/api/auth/{nextauth}" || path === "/api/{rest}") continue;
      const source = readFileSync(join(app, file), "utf8");
      const served = METHODS.filter((method) => new RegExp(`^  ${method}: `, "m").test(source));
      expect([path, Object.keys(paths[path] ?? {}).toSorted()]).toEqual([
        path,
        served.map((method) => method.toLowerCase()).toSorted(),
      ]);
    }
    const known = new Set(routes.map(({ path }) => path));
    for (const path of Object.keys(paths)) if (!path.startsWith("/api/auth/")) expect(known).toContain(path);
  });

  it("says what may be left out of a body and what an answer always has", async () => {
    const { paths, components } = await documented();
    const body = JSON.stringify(paths["/api/rules/{id}"]!.put!.requestBody);
    expect(body).toContain('"required":["id","title","severity","condition"]');
    expect(JSON.stringify(components.schemas.Rule)).toContain('"hysteresis","delay_s"]');
  });

  it("only the open routes ask for no credential", async () => {
    const { paths } = await documented();
    for (const { path, method, permission } of CONTRACTS)
      expect([path, paths[path]![method.toLowerCase()]!.security.length]).toEqual([
        path,
        permission === "open" ? 0 : 2,
      ]);
  });
});

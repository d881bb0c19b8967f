import { expect } from "vitest";
import { matchPath } from "./contract.ts";
import { CONTRACTS } from "./contracts/all.ts";
import type { RouteHandler } from "./route.ts";

export type RouteModule = Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", RouteHandler>;

export interface AskOptions {
  /** Whose token of `tokens`; absent: the administrator's, `undefined`: none. */
  as?: string | undefined;
  body?: unknown;
  raw?: BodyInit;
  headers?: Record<string, string>;
}

/**
 * Asks route modules as programs do, for tests. Every refusal must be problem details, and every answer what the
 * contract, and so the OpenAPI document, says.
 */
export function createAsk(tokens: Record<string, string>) {
  return async function ask(
    module: RouteModule,
    method: keyof RouteModule,
    path: string,
    options: AskOptions = {},
  ): Promise<{ status: number; headers: Headers; text: string; json: <T>() => T }> {
    const as = "as" in options ? options.as : "admin";
    const request = new Request(`http://localhost:8000${path}`, {
      method,
      headers: {
        host: "localhost:8000",
        ...(as !== undefined && { authorization: `Bearer ${tokens[as]}` }),
        ...(options.body !== undefined && { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      ...(options.raw !== undefined && { body: options.raw, duplex: "half" }),
    });
    const response = await module[method](request);
    const text = await response.text();
    if (response.status >= 400) expectProblem(response, text);
    else expectContract(method, path, response, text);
    return { status: response.status, headers: response.headers, text, json: <T>() => JSON.parse(text) as T };
  };
}

function expectProblem(response: Response, text: string): void {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const problem = JSON.parse(text) as Record<string, unknown>;
  expect(problem).toMatchObject({ status: response.status, type: `urn:foresight:problem:${problem.code}` });
  expect(problem.detail).toMatch(/\.$/);
}

function expectContract(method: string, path: string, response: Response, text: string): void {
  const { pathname } = new URL(path, "http://localhost");
  const contract = CONTRACTS.find(
    (candidate) => candidate.method === method && matchPath(candidate.path, pathname) !== undefined,
  )!;
  const form = contract.responses[response.status];
  expect(form, `${method} ${path} answered ${response.status}`).toBeDefined();
  expect(response.headers.get("cache-control")).toBe("no-store");
  if (response.headers.get("content-type")?.startsWith("application/json"))
    expect(form!.schema!.safeParse(JSON.parse(text)).error?.issues).toBeUndefined();
}

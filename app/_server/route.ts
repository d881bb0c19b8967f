import type { z } from "zod";
import { ForesightError, isForesightError } from "../../lib/domain/errors.ts";
import type { Principal } from "../../lib/domain/identity.ts";
import { type App, runningApp } from "../../lib/runtime/handle.ts";
import { authorise, identify } from "./authorise.ts";
import { type Contract, METHODS, type Method, matchPath, type PathParameters } from "./contract.ts";
import { readJson } from "./json-body.ts";
import { readParameters } from "./parameters.ts";
import { API_HEADERS, invalid, problemResponse } from "./problem.ts";

export interface Asked<Q extends z.ZodType, B extends z.ZodType, P extends string> {
  app: App;
  principal: Principal;
  params: Record<PathParameters<P>, string>;
  query: z.output<Q>;
  body: z.output<B>;
  request: Request;
}

export type RouteHandler = (request: Request) => Promise<Response>;

/**
 * A route that keeps its contract: who may, which parameters, which body; and every error as problem details.
 * The handler gets only what has been checked, and the tenant from the principal alone.
 */
export function route<Q extends z.ZodType, B extends z.ZodType, P extends string>(
  contract: Contract<Q, B, P>,
  handler: (asked: Asked<Q, B, P>) => Promise<Response>,
): RouteHandler {
  return guarded(contract, async (app, request) => {
    const principal = await identify(app, request);
    await authorise(app, principal, contract.permission);
    return handler({ app, principal, request, ...(await read(contract, request)) });
  });
}

/** A route for anybody; it must not tell what belongs to a tenant. */
export function openRoute(
  contract: Pick<Contract, "path" | "method">,
  handler: (app: App, request: Request) => Promise<Response>,
): RouteHandler {
  return guarded(contract, handler);
}

/** The exports of a route file: its handlers, and 405 for the other methods. */
export function methods(handlers: Partial<Record<Method, RouteHandler>>): Record<Method, RouteHandler> {
  const allowed = Object.keys(handlers);
  const refuse: RouteHandler = async () =>
    problemResponse(
      new ForesightError("method_not_allowed", `This address takes ${allowed.join(", ")} only.`),
      { Allow: allowed.join(", ") },
    );
  return Object.fromEntries(METHODS.map((method) => [method, handlers[method] ?? refuse])) as Record<
    Method,
    RouteHandler
  >;
}

/** @returns the JSON answer with the headers that every answer has */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { ...API_HEADERS, ...headers } });
}

export function noContent(): Response {
  return new Response(null, { status: 204, headers: API_HEADERS });
}

export function notFound(what: string): ForesightError {
  return new ForesightError("not_found", `There is no such ${what}.`);
}

function guarded(
  contract: Pick<Contract, "path" | "method">,
  handle: (app: App, request: Request) => Promise<Response>,
): RouteHandler {
  return async (request) => {
    const app = runningApp();
    const labels = { route: contract.path, method: contract.method };
    const began = performance.now();
    let response: Response;
    try {
      response = await handle(app, request);
    } catch (thrown) {
      const error = isBrokenOff(thrown) ? brokenOff(thrown) : thrown;
      if (!isForesightError(error))
        app.logger.error(
          { ...labels, error: error instanceof Error ? error.stack : String(error) },
          "request failed",
        );
      response = problemResponse(error);
    }
    app.metrics.increment("foresight_http_requests_total", { ...labels, status: String(response.status) });
    app.metrics.observe("foresight_http_request_seconds", (performance.now() - began) / 1_000, labels);
    return response;
  };
}

/** The client went away, or its body ended before its length: Node's names for it. */
function isBrokenOff(error: unknown): boolean {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return name === "AbortError" || code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE";
}

function brokenOff(cause: unknown): ForesightError {
  return new ForesightError("request_timeout", "The request broke off before its end.", { cause });
}

async function read<Q extends z.ZodType, B extends z.ZodType, P extends string>(
  contract: Contract<Q, B, P>,
  request: Request,
): Promise<Pick<Asked<Q, B, P>, "params" | "query" | "body">> {
  const { pathname, searchParams } = new URL(request.url);
  const params = matchPath(contract.path, pathname);
  if (params === undefined) throw new ForesightError("not_found", "There is nothing at this address.");
  const body =
    contract.body === undefined ? undefined : parse(contract.body, await readJson(request), "The body");
  return {
    params: params as Record<PathParameters<P>, string>,
    query: readQuery(contract.query, searchParams),
    body: body as z.output<B>,
  };
}

function readQuery<Q extends z.ZodType>(schema: Q | undefined, parameters: URLSearchParams): z.output<Q> {
  const { values, repeated } = readParameters(parameters);
  if (repeated.length > 0)
    throw new ForesightError("invalid_request", `The parameter ${repeated[0]} is given more than once.`, {
      errors: repeated.map((path) => ({ path, message: "expected once" })),
    });
  if (schema !== undefined) return parse(schema, values, "The parameters are not valid");
  const [unknown] = Object.keys(values);
  if (unknown !== undefined)
    throw new ForesightError("invalid_request", `There is no parameter ${unknown} here.`, {
      errors: Object.keys(values).map((path) => ({ path, message: "unknown parameter" })),
    });
  return {} as z.output<Q>;
}

function parse<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalid(what, parsed.error.issues);
  return parsed.data;
}

import { z } from "zod";
import { type Contract, matchPath } from "./contract.ts";
import { problemSchema } from "./problem.ts";
import { apiRegistry } from "./registry.ts";

type Json = Record<string, unknown>;

/** Errors that any route of a kind may answer with. */
const COMMON = {
  400: "Not valid",
  401: "Not signed in",
  403: "Not allowed",
  429: "Too many; see Retry-After",
};

/** The OpenAPI 3.1 document of some contracts, from the schemas that the routes themselves enforce. */
export function openApiDocument(contracts: readonly Contract[], version: string): Json {
  const schemas: Json = {};
  const shape = (schema: z.ZodType, io: "input" | "output") => toJsonSchema(schema, io, schemas);
  const problem = { "application/problem+json": { schema: shape(problemSchema, "output") } };
  const paths: Record<string, Json> = {};
  for (const contract of contracts) {
    const operation: Json = {
      operationId: contract.operation,
      tags: [contract.tag],
      summary: contract.summary,
      ...(contract.description !== undefined && { description: contract.description }),
      parameters: parametersOf(contract, shape),
      ...bodyOf(contract, shape),
      responses: responsesOf(contract, shape, problem),
      security: contract.permission === "open" ? [] : [{ token: [] }, { session: [] }],
    };
    paths[contract.path] = { ...paths[contract.path], [contract.method.toLowerCase()]: operation };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "FORESIGHT",
      version,
      description:
        "Predictive maintenance over HTTP. The tenant comes from the credential alone; what belongs to another is " +
        "answered like what does not exist. Times are RFC 3339 UTC. Errors are RFC 9457 problem details.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "`foresight token`, or /settings",
        },
        session: { type: "apiKey", in: "cookie", name: "next-auth.session-token" },
      },
    },
  };
}

type Shape = (schema: z.ZodType, io: "input" | "output") => Json;

function parametersOf(contract: Contract, shape: Shape): Json[] {
  const names = Object.keys(matchPath(contract.path, contract.path) ?? {});
  const query = contract.query === undefined ? {} : shape(contract.query, "input");
  const required = new Set((query.required as string[] | undefined) ?? []);
  return [
    ...names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
    ...Object.entries((query.properties as Record<string, Json> | undefined) ?? {}).map(
      ([name, { description, ...schema }]) => ({
        name,
        in: "query",
        required: required.has(name),
        ...(description !== undefined && { description }),
        schema,
      }),
    ),
    ...Object.entries(contract.headers ?? {}).map(([name, description]) => ({
      name,
      in: "header",
      required: false,
      description,
      schema: { type: "string" },
    })),
  ];
}

function bodyOf({ body, stream }: Contract, shape: Shape): Json {
  if (stream !== undefined) {
    const content = Object.fromEntries(stream.media_types.map((type) => [type, {}]));
    return { requestBody: { required: true, description: stream.description, content } };
  }
  if (body === undefined) return {};
  return {
    requestBody: { required: true, content: { "application/json": { schema: shape(body, "input") } } },
  };
}

function responsesOf(contract: Contract, shape: Shape, problem: Json): Json {
  const answers = Object.entries(contract.responses).map(([status, { description, schema, media_types }]) => [
    status,
    {
      description,
      ...((schema !== undefined || media_types !== undefined) && {
        content: {
          ...(schema !== undefined && { "application/json": { schema: shape(schema, "output") } }),
          ...Object.fromEntries((media_types ?? []).map((type) => [type, { schema: { type: "string" } }])),
        },
      }),
    },
  ]);
  const errors: Record<number, string> = contract.permission === "open" ? {} : { ...COMMON };
  if (contract.path.includes("{")) errors[404] = "No such thing, or another tenant's";
  if (contract.body !== undefined || contract.stream !== undefined) {
    errors[413] = "Too large";
    errors[415] = "Another media type is expected";
  }
  return {
    ...Object.fromEntries(
      Object.entries(errors).map(([status, description]) => [status, { description, content: problem }]),
    ),
    ...Object.fromEntries(answers),
  };
}

/**
 * JSON Schema 2020-12 of a schema; named ones are put into `components` and referred to. A named request body stands
 * where it is used: what has a default may be left out there, and is always there in an answer.
 */
function toJsonSchema(schema: z.ZodType, io: "input" | "output", components: Json): Json {
  const {
    $defs,
    $schema: _,
    ...root
  } = rewrite(
    z.toJSONSchema(schema, { io, metadata: apiRegistry, unrepresentable: "any", target: "draft-2020-12" }),
  ) as Json & { $defs?: Json };
  const id = typeof root.$ref === "string" ? root.$ref.split("/").at(-1)! : root.id;
  for (const [name, definition] of Object.entries($defs ?? {}))
    if (io === "output" || name !== id) components[name] = withoutId(definition as Json);
  if (typeof id !== "string") return root;
  const whole = withoutId(($defs?.[id] as Json | undefined) ?? root);
  if (io === "input") return whole;
  components[id] = whole;
  return { $ref: `#/components/schemas/${id}` };
}

function withoutId({ id: _, $id: __, ...rest }: Json): Json {
  return rest;
}

function rewrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewrite);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(withoutNoise(value as Json)).map(([key, part]) => [
      key,
      key === "$ref" && typeof part === "string"
        ? part.replace(/^#\/\$defs\//, "#/components/schemas/")
        : rewrite(part),
    ]),
  );
}

/** Leaves out what a reader knows already: the bounds of safe integers, and how a date-time looks. */
function withoutNoise(schema: Json): Json {
  const { minimum, maximum, pattern, ...rest } = schema;
  return {
    ...rest,
    ...(minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER && { minimum }),
    ...(maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER && { maximum }),
    ...(pattern !== undefined && schema.format !== "date-time" && { pattern }),
  };
}

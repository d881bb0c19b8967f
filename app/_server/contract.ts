import type { z } from "zod";
import type { Permission } from "../../lib/domain/identity.ts";

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

/** One kind of body: a schema for JSON, or media types with a sentence for anything else. */
export interface BodyForm {
  media_types: readonly string[];
  description: string;
}

export interface ResponseForm {
  description: string;
  /** Of the JSON body. */
  schema?: z.ZodType;
  /** Other media types it may have. */
  media_types?: readonly string[];
}

/**
 * What a route takes and gives, said once: the wrapper of `route.ts` enforces it and the OpenAPI document is made
 * from it. `permission`: `signed_in` lets any role in, `open` anybody.
 */
export interface Contract<
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  P extends string = string,
> {
  operation: string;
  method: Method;
  /** OpenAPI template: `/api/assets/{asset_id}`. */
  path: P;
  tag: string;
  summary: string;
  description?: string;
  permission: Permission | "signed_in" | "open";
  /** An object of single-valued parameters; each is given as the text of the URL. */
  query?: Q;
  /** JSON body. */
  body?: B;
  /** A request body that is not JSON read by the wrapper; the handler reads the stream. */
  stream?: BodyForm;
  /** Request headers that it honours. */
  headers?: Record<string, string>;
  responses: Record<number, ResponseForm>;
}

/** Names in a path template: `"/api/assets/{asset_id}/health"` → `"asset_id"`. */
export type PathParameters<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameters<Rest>
  : never;

export function contract<
  P extends string,
  Q extends z.ZodType = z.ZodObject<Record<never, never>>,
  B extends z.ZodType = z.ZodUndefined,
>(definition: Contract<Q, B, P>): Contract<Q, B, P> {
  return definition;
}

/** @returns the decoded values of a template's names in a path, or `undefined` where the path does not fit */
export function matchPath(template: string, pathname: string): Record<string, string> | undefined {
  const names = template.split("/");
  const parts = pathname.split("/");
  if (names.length !== parts.length) return undefined;
  const values: Record<string, string> = {};
  for (const [at, name] of names.entries()) {
    const part = parts[at]!;
    if (!name.startsWith("{")) {
      if (name !== part) return undefined;
      continue;
    }
    try {
      values[name.slice(1, -1)] = decodeURIComponent(part);
    } catch {
      return undefined;
    }
  }
  return values;
}

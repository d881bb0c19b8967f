import { z } from "zod";

/**
 * What the OpenAPI document says of a schema beyond its shape: `id` makes it a named component, the rest is merged
 * into its JSON Schema. A registry of our own, since pages and routes are bundled apart and share Zod's global one.
 */
export const apiRegistry = z.registry<{ id?: string; description?: string; [keyword: string]: unknown }>();

/** Names a schema: it becomes `#/components/schemas/<id>`. */
export function named<T extends z.ZodType>(id: string, schema: T): T {
  apiRegistry.add(schema, { id });
  return schema;
}

import { z } from "zod";
import { type EpochMs, parseTimestamp } from "../../lib/domain/time.ts";
import { apiRegistry } from "./registry.ts";

/** Schemas of URL parameters: each takes the text as it stands in the URL. */

export function integerParameter(least: number, most: number, description: string) {
  return z
    .string()
    .transform((text, ctx): number => {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= least && value <= most) return value;
      ctx.addIssue({ code: "custom", message: `expected a whole number from ${least} to ${most}` });
      return z.NEVER;
    })
    .register(apiRegistry, { type: "integer", minimum: least, maximum: most, description });
}

export function timeParameter(description: string) {
  return z
    .string()
    .transform((text, ctx): EpochMs => {
      const at = parseTimestamp(text);
      if (at !== undefined) return at;
      ctx.addIssue({ code: "custom", message: "expected an RFC 3339 time or epoch milliseconds" });
      return z.NEVER;
    })
    .register(apiRegistry, { description: `${description} RFC 3339 or epoch milliseconds.` });
}

/** One or several of the values, with commas between them. */
export function listParameter<const T extends readonly string[]>(values: T, description: string) {
  return z
    .string()
    .transform((text, ctx): T[number][] => {
      const given = text.split(",");
      if (given.every((value) => values.includes(value))) return [...new Set(given)];
      ctx.addIssue({
        code: "custom",
        message: `expected one or several of ${values.join(", ")}, with commas between them`,
      });
      return z.NEVER;
    })
    .register(apiRegistry, { description: `${description} One or several of ${values.join(", ")}.` });
}

export const rangeParameters = {
  from: timeParameter("Not before.").optional(),
  to: timeParameter("Not after.").optional(),
};

/** Refuses a reversed range. */
export function withRange<T extends z.ZodType<{ from?: EpochMs; to?: EpochMs }>>(schema: T): T {
  return schema.refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    message: "expected to be not before from",
    path: ["to"],
  });
}

/** @returns the parameters as an object, with an error for each that comes twice */
export function readParameters(parameters: URLSearchParams): {
  values: Record<string, string>;
  repeated: string[];
} {
  const values = new Map<string, string>();
  const repeated = new Set<string>();
  for (const [name, value] of parameters) {
    if (values.has(name)) repeated.add(name);
    values.set(name, value);
  }
  return { values: Object.fromEntries(values), repeated: [...repeated] };
}

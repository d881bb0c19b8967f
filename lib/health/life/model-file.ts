import { createHash } from "node:crypto";
import { z } from "zod";
import { ForesightError } from "../../domain/errors.ts";
import { lifeUnitSchema } from "../../domain/health-schema.ts";
import { otherFeatureCount, sensorFeatureCount } from "./life-features.ts";
import { quadraticTerms } from "./life-head.ts";
import type { LifeParameters } from "./life-parameters.ts";

export const MODEL_FORMAT = "foresight-life-model";
export const MODEL_VERSION = 2;
/** A file is refused beyond this. */
export const MODEL_BYTES_AT_MOST = 8 * 1024 * 1024;

const numbers = z.array(z.number());
const headSchema = z.object({
  center: numbers,
  components: z.array(numbers),
  means: numbers,
  deviations: z.array(z.number().positive()),
  coefficients: numbers,
  lambda: z.number().nonnegative(),
});
const parametersSchema = z.object({
  unit: lifeUnitSchema,
  step_ms: z.number().positive().nullable(),
  cap: z.number().positive(),
  longest: z.number().positive(),
  normalisation: z.object({
    sensors: z
      .array(z.object({ key: z.string().min(1), sensor_type: z.string().min(1), unit: z.string() }))
      .min(1)
      .max(512),
    regimes: z.object({
      settings: z.array(z.int().nonnegative()),
      scales: z.array(z.number().positive()),
      centers: z.array(numbers).min(1),
      radius: z.number().nonnegative(),
    }),
    condition: z.array(z.int().nonnegative()).min(1),
    means: z.array(numbers),
    deviations: z.array(z.number().positive()),
  }),
  noise_precision: numbers,
  covariance: numbers,
  farthest: numbers,
  births: z.object({ mean: numbers, precision: numbers, limit: z.number() }),
  from_birth: headSchema,
  of_unknown_age: headSchema,
  beginning: headSchema,
  intervals: z.array(z.object({ born: z.number(), at: numbers.min(1), low: numbers, high: numbers })).min(1),
}) satisfies z.ZodType<LifeParameters>;

const contentSchema = z.object({
  format: z.literal(MODEL_FORMAT),
  version: z.literal(MODEL_VERSION),
  name: z.string().regex(/^[\w.-]{1,64}$/, "letters, digits, dots, dashes and underscores"),
  /** Types of asset that it was trained on; it may be installed for others. */
  asset_types: z.array(z.string()),
  /** Cross-validated figures, in time steps. */
  summary: z.object({
    assets: z.int(),
    steps: z.int(),
    rmse: z.number(),
    nasa_per_asset: z.number(),
    coverage: z.number().nullable(),
    regimes: z.int(),
  }),
  provenance: z.object({
    source: z.string(),
    source_sha256: z.string(),
    readings: z.int(),
    seed: z.int(),
    folds: z.int(),
    command: z.string(),
  }),
  parameters: parametersSchema,
});

export type ModelContent = z.infer<typeof contentSchema>;
export type ModelFile = ModelContent & { sha256: string };

/** How a model is named on the wire: its name and the beginning of its checksum. */
export function modelId({ name, sha256 }: Pick<ModelFile, "name" | "sha256">): string {
  return `${name}@${sha256.slice(0, 12)}`;
}

/** Signs the content with its checksum; numbers keep 10 digits, the model is judged by what the file says. */
export function sealModel(content: ModelContent): ModelFile {
  const rounded = roundNumbers(content) as ModelContent;
  return { ...rounded, sha256: checksum(rounded) };
}

/** Readable: one line for each list of numbers. */
export function formatModel(file: ModelFile): string {
  const text = JSON.stringify(file, null, 2);
  return `${text.replace(/\[[\s\d.,eE+-]*\]/g, (list) => list.replace(/\s+/g, " "))}\n`;
}

/**
 * Reads a model file.
 * @throws ForesightError `invalid_request` with the reason: no JSON, another format or version, a changed content, lists
 * that do not fit one another
 */
export function parseModel(text: string, name = "The model"): ModelFile {
  const refuse = (reason: string) => new ForesightError("invalid_request", `${name} is refused: ${reason}.`);
  if (text.length > MODEL_BYTES_AT_MOST) throw refuse("it is larger than 8 MB");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse("it is no JSON");
  }
  const { format, version, sha256 } = (value ?? {}) as Record<string, unknown>;
  if (format !== MODEL_FORMAT) throw refuse(`its format is not ${MODEL_FORMAT}`);
  if (version !== 1 && version !== MODEL_VERSION)
    throw refuse(`it is of version ${String(version)}, this FORESIGHT reads version ${MODEL_VERSION}`);
  const parsed = contentSchema.safeParse(version === 1 ? fromVersion1(value as Version1) : value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw refuse(`${path.join(".")}: ${message}`);
  }
  const { sha256: _, ...signed } = value as Record<string, unknown>;
  if (typeof sha256 !== "string" || sha256 !== checksum(version === 1 ? signed : parsed.data))
    throw refuse("its checksum is not that of its content, so it was changed or damaged");
  const wrong = misfit(parsed.data.parameters);
  if (wrong !== undefined) throw refuse(wrong);
  return { ...parsed.data, sha256 };
}

/** What of a model does not fit the rest. */
function misfit(of: LifeParameters): string | undefined {
  const { sensors, regimes, condition, means, deviations } = of.normalisation;
  const size = condition.length;
  const lengths: [string, number, number][] = [
    ["normalisation.deviations", deviations.length, size],
    ["normalisation.means", means.length, regimes.centers.length],
    ["regimes.scales", regimes.scales.length, regimes.settings.length],
    ["noise_precision", of.noise_precision.length, size * size],
    ["covariance", of.covariance.length, size * size],
    ["farthest", of.farthest.length, size],
    ["births.mean", of.births.mean.length, size],
    ["births.precision", of.births.precision.length, size * size],
    ...means.map((row, i): [string, number, number] => [`normalisation.means.${i}`, row.length, size]),
    ...regimes.centers.map((row, i): [string, number, number] => [
      `regimes.centers.${i}`,
      row.length,
      regimes.settings.length,
    ]),
  ];
  for (const [name, own] of [
    ["from_birth", true],
    ["beginning", true],
    ["of_unknown_age", false],
  ] as const) {
    const head = of[name];
    const features = sensorFeatureCount(size, own);
    const regressors = head.components.length + otherFeatureCount(own);
    lengths.push([`${name}.center`, head.center.length, features]);
    for (const row of head.components) lengths.push([`${name}.components`, row.length, features]);
    lengths.push([`${name}.means`, head.means.length, regressors]);
    lengths.push([`${name}.deviations`, head.deviations.length, regressors]);
    lengths.push([`${name}.coefficients`, head.coefficients.length, quadraticTerms(regressors)]);
  }
  for (const { at, low, high } of of.intervals)
    lengths.push(["interval.low", low.length, at.length], ["interval.high", high.length, at.length]);
  for (const [name, found, wanted] of lengths)
    if (found !== wanted) return `${name} has ${found} numbers where ${wanted} belong`;
  if ([...condition, ...regimes.settings].some((sensor) => sensor >= sensors.length))
    return "it names a sensor that it does not have";
  return undefined;
}

/** In files of version 1 either regression had an interval of its own. */
interface Version1 {
  parameters?: Record<string, unknown> &
    Record<"from_birth" | "of_unknown_age", { interval?: object } | undefined>;
}

/** What is no file of version 1 comes out as something that the schema refuses. */
function fromVersion1(file: Version1): unknown {
  const { parameters } = file;
  const intervals = [
    { born: 0.2, ...parameters?.of_unknown_age?.interval },
    { born: 0.5, ...parameters?.from_birth?.interval },
  ];
  return { ...file, version: MODEL_VERSION, parameters: { ...parameters, intervals } };
}

function checksum(content: unknown): string {
  return createHash("sha256").update(canonical(content)).digest("hex");
}

/** JSON with sorted keys and no blanks: the same content always has the same bytes. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(",")}}`;
}

function roundNumbers(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? value : Number(value.toPrecision(10));
  if (Array.isArray(value)) return value.map(roundNumbers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, roundNumbers(one)]));
}

import { resolve } from "node:path";
import { z } from "zod";
import { ForesightError } from "../domain/errors.ts";
import {
  DEFAULT_TIMESTAMP_BOUNDS,
  parseDuration,
  parseTimestamp,
  type TimestampBounds,
} from "../domain/time.ts";
import { type Role, readTopology, type ServersConfig, topologySchema, withSecretFiles } from "./topology.ts";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1", "[::1]"]);

const durationSchema = (usual: string) =>
  z
    .string()
    .default(usual)
    .transform((text, ctx) => {
      const ms = parseDuration(text);
      if (ms !== undefined) return ms;
      ctx.addIssue({ code: "custom", message: `"${text}" is no duration; write for example 90s, 10m, 24h` });
      return z.NEVER;
    });

const environmentSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATA_DIR: z.string().min(1).default("./data"),
  NEXTAUTH_SECRET: z.string().optional(),
  NEXTAUTH_URL: z.url().optional(),
  DEMO_PASSWORD: z.string().min(8).optional(),
  ALLOWED_ORIGINS: z.string().default(""),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).default(0),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  LOG_RETENTION: durationSchema("24h"),
  EARLIEST_TIMESTAMP: z.string().optional(),
  MAX_AHEAD: durationSchema("10m"),
  ...topologySchema.shape,
});

/** Every variable that is read; those of `SECRET_VARIABLES` also as NAME_FILE. */
export const ENVIRONMENT_NAMES: readonly string[] = Object.keys(environmentSchema.shape);

export interface Config {
  port: number;
  host: string;
  data_dir: string;
  /** Given by the environment; where it is absent on loopback one is generated into the data directory. */
  secret?: string;
  public_url?: string;
  demo_password?: string;
  demo: boolean;
  dev: boolean;
  allowed_origins: string[];
  /** How many proxies in front are trusted to append to X-Forwarded-For. */
  trusted_proxies: number;
  log_level: string;
  log_retention_ms: number;
  timestamp_bounds: TimestampBounds;
  loopback: boolean;
  /** Kafka, MongoDB and perhaps Redis; where absent everything is in the data directory of this one process. */
  servers?: ServersConfig;
  /** What this process does. */
  roles: readonly Role[];
}

const MINIMUM_SECRET = 32;

type Environment = Record<string, string | undefined>;

function parseEnvironment(environment: Environment): z.infer<typeof environmentSchema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = environmentSchema.safeParse(withSecretFiles(given));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new ForesightError("invalid_request", `${issue.path.join(".")} is not usable: ${issue.message}.`);
}

function readBounds({ EARLIEST_TIMESTAMP, MAX_AHEAD }: z.infer<typeof environmentSchema>): TimestampBounds {
  let { earliest } = DEFAULT_TIMESTAMP_BOUNDS;
  if (EARLIEST_TIMESTAMP !== undefined) {
    const at = parseTimestamp(EARLIEST_TIMESTAMP);
    if (at === undefined)
      throw new ForesightError(
        "invalid_request",
        "EARLIEST_TIMESTAMP is not usable: expected an RFC 3339 time.",
      );
    earliest = at;
  }
  return { earliest, max_ahead_ms: MAX_AHEAD };
}

/**
 * Where data lies, for commands that serve nobody and sign nothing, and so need no secret.
 * @param options.kafka_brokers, options.mongodb_uri in place of the variables
 * @throws ForesightError `invalid_request` naming the variable and what it expects
 */
export function readPlaces(
  options: { data_dir?: string; kafka_brokers?: string; mongodb_uri?: string } = {},
  environment: Environment = process.env,
): Pick<Config, "data_dir" | "log_level" | "timestamp_bounds" | "servers"> {
  const { kafka_brokers, mongodb_uri } = options;
  const env = parseEnvironment({
    ...environment,
    ...(kafka_brokers !== undefined && { KAFKA_BROKERS: kafka_brokers }),
    ...(mongodb_uri !== undefined && { MONGODB_URI: mongodb_uri, MONGODB_URI_FILE: undefined }),
  });
  const { servers } = readTopology(env);
  return {
    data_dir: resolve(options.data_dir ?? env.DATA_DIR),
    log_level: env.LOG_LEVEL,
    timestamp_bounds: readBounds(env),
    ...(servers !== undefined && { servers }),
  };
}

/**
 * Reads the configuration; options of the command line win over the environment.
 * @throws ForesightError `invalid_request` naming the variable and what it expects
 */
export function readConfig(
  options: { port?: number; host?: string; data_dir?: string; demo?: boolean; dev?: boolean } = {},
  environment: Environment = process.env,
): Config {
  const env = parseEnvironment(environment);
  const host = options.host ?? env.HOST;
  const loopback = LOOPBACK.has(host);
  const { servers, roles } = readTopology(env);
  const web = roles.includes("web");
  // Several instances sign and verify alike, so none may make up a secret of its own.
  const wants_secret = !loopback ? `to listen on ${host}` : servers && "since other instances share it";
  if (web && wants_secret) {
    const secret = env.NEXTAUTH_SECRET ?? "";
    if (secret.length < MINIMUM_SECRET || new Set(secret).size < 8)
      throw new ForesightError(
        "invalid_request",
        `NEXTAUTH_SECRET must be set to at least ${MINIMUM_SECRET} random characters ${wants_secret}; ` +
          "make one with `openssl rand -base64 48`.",
      );
  }
  if (web && !loopback && env.NEXTAUTH_URL === undefined)
    throw new ForesightError(
      "invalid_request",
      `NEXTAUTH_URL must be set to the address people open (for example https://foresight.example.com) to listen on ${host}.`,
    );
  return {
    port: options.port ?? env.PORT,
    host,
    data_dir: resolve(options.data_dir ?? env.DATA_DIR),
    ...(env.NEXTAUTH_SECRET !== undefined && { secret: env.NEXTAUTH_SECRET }),
    ...(env.NEXTAUTH_URL !== undefined && { public_url: env.NEXTAUTH_URL }),
    ...(env.DEMO_PASSWORD !== undefined && { demo_password: env.DEMO_PASSWORD }),
    demo: options.demo ?? false,
    dev: options.dev ?? false,
    allowed_origins: env.ALLOWED_ORIGINS.split(",")
      .map((origin) => origin.trim())
      .filter(Boolean),
    trusted_proxies: env.TRUSTED_PROXIES,
    log_level: env.LOG_LEVEL,
    log_retention_ms: env.LOG_RETENTION,
    timestamp_bounds: readBounds(env),
    loopback,
    ...(servers !== undefined && { servers }),
    roles,
  };
}

/** One variable, for a tool that has its own name for it (a terminal's width, a proxy). */
export function environment(name: string): string | undefined {
  return process.env[name];
}

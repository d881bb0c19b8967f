import { readFileSync } from "node:fs";
import { z } from "zod";
import { ForesightError } from "../domain/errors.ts";

export const ROLES = ["web", "processor"] as const;
export type Role = (typeof ROLES)[number];

/** Kafka, MongoDB and perhaps Redis, that several processes share. */
export interface ServersConfig {
  kafka: {
    brokers: string[];
    ssl?: true | { ca: string };
    sasl?: { mechanism: "plain" | "scram-sha-256" | "scram-sha-512"; username: string; password: string };
    topic_prefix?: string;
    partitions?: number;
    replication?: number;
  };
  mongodb_uri: string;
  redis_url?: string;
}

/** Where the log, the store and what is shared live. Absent `servers`: in the data directory of one process. */
export interface Topology {
  servers?: ServersConfig;
  roles: readonly Role[];
}

export const topologySchema = z.object({
  KAFKA_BROKERS: z.string().optional(),
  KAFKA_SSL: z.enum(["true", "false"]).optional(),
  KAFKA_SSL_CA: z.string().optional(),
  KAFKA_SASL_MECHANISM: z.enum(["plain", "scram-sha-256", "scram-sha-512"]).default("plain"),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  KAFKA_TOPIC_PREFIX: z.string().max(100).optional(),
  KAFKA_PARTITIONS: z.coerce.number().int().min(1).max(10_000).optional(),
  KAFKA_REPLICATION: z.coerce.number().int().min(1).max(16).optional(),
  MONGODB_URI: z.string().optional(),
  REDIS_URL: z.string().optional(),
  ROLES: z.string().default("web,processor"),
});
export type TopologyEnvironment = z.infer<typeof topologySchema>;

const refuse = (message: string) => new ForesightError("invalid_request", message);

/**
 * What the variables choose together: nothing (all embedded), Kafka and MongoDB, or Kafka, MongoDB and Redis.
 * @throws ForesightError `invalid_request` saying what is missing
 */
export function readTopology(env: TopologyEnvironment): Topology {
  const roles = readRoles(env.ROLES);
  const { KAFKA_BROKERS, MONGODB_URI, REDIS_URL } = env;
  if (KAFKA_BROKERS === undefined && MONGODB_URI === undefined) {
    if (REDIS_URL !== undefined)
      throw refuse(
        "REDIS_URL is for several processes and needs KAFKA_BROKERS and MONGODB_URI as well; without them everything is kept in the data directory of one process.",
      );
    if (roles.length < ROLES.length)
      throw refuse(
        "ROLES can be split only with KAFKA_BROKERS and MONGODB_URI; on the data directory one process has both.",
      );
    return { roles };
  }
  if (KAFKA_BROKERS === undefined)
    throw refuse("MONGODB_URI is set without KAFKA_BROKERS; set both, or neither.");
  if (MONGODB_URI === undefined)
    throw refuse("KAFKA_BROKERS is set without MONGODB_URI; set both, or neither.");
  if (!/^mongodb(\+srv)?:\/\/./.test(MONGODB_URI))
    throw refuse("MONGODB_URI is not usable: expected mongodb://host:port/database?options.");
  if (REDIS_URL !== undefined && !/^rediss?:\/\/./.test(REDIS_URL))
    throw refuse("REDIS_URL is not usable: expected redis://host:port or rediss://host:port.");
  return {
    roles,
    servers: {
      kafka: readKafka(env, KAFKA_BROKERS),
      mongodb_uri: MONGODB_URI,
      ...(REDIS_URL !== undefined && { redis_url: REDIS_URL }),
    },
  };
}

function readRoles(text: string): Role[] {
  const named = text.split(",").map((role) => role.trim());
  const unknown = named.find((role) => !(ROLES as readonly string[]).includes(role));
  if (unknown !== undefined)
    throw refuse(`ROLES is not usable: "${unknown}" is no role; expected ${ROLES.join(" or ")}, or both.`);
  return ROLES.filter((role) => named.includes(role));
}

function readKafka(env: TopologyEnvironment, text: string): ServersConfig["kafka"] {
  const brokers = text
    .split(",")
    .map((broker) => broker.trim())
    .filter(Boolean);
  if (
    brokers.length === 0 ||
    brokers.some((broker) => !/^[^\s/:]+:\d{1,5}$|^\[[^\]]+\]:\d{1,5}$/.test(broker))
  )
    throw refuse("KAFKA_BROKERS is not usable: expected host:port, several with commas between.");
  const { KAFKA_SSL_CA, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD } = env;
  if ((KAFKA_SASL_USERNAME === undefined) !== (KAFKA_SASL_PASSWORD === undefined))
    throw refuse("KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD go together; one of them is missing.");
  if (KAFKA_SSL_CA !== undefined && env.KAFKA_SSL === "false")
    throw refuse("KAFKA_SSL_CA is set and KAFKA_SSL is false; leave one of them out.");
  const ssl =
    KAFKA_SSL_CA !== undefined ? { ca: readText("KAFKA_SSL_CA", KAFKA_SSL_CA) } : env.KAFKA_SSL === "true";
  return {
    brokers,
    ...(ssl !== false && { ssl }),
    ...(KAFKA_SASL_USERNAME !== undefined &&
      KAFKA_SASL_PASSWORD !== undefined && {
        sasl: {
          mechanism: env.KAFKA_SASL_MECHANISM,
          username: KAFKA_SASL_USERNAME,
          password: KAFKA_SASL_PASSWORD,
        },
      }),
    ...(env.KAFKA_TOPIC_PREFIX !== undefined && { topic_prefix: env.KAFKA_TOPIC_PREFIX }),
    ...(env.KAFKA_PARTITIONS !== undefined && { partitions: env.KAFKA_PARTITIONS }),
    ...(env.KAFKA_REPLICATION !== undefined && { replication: env.KAFKA_REPLICATION }),
  };
}

/** Variables that may be given as NAME_FILE, a file that holds the value: what is secret, or has a password in it. */
export const SECRET_VARIABLES = [
  "NEXTAUTH_SECRET",
  "DEMO_PASSWORD",
  "MONGODB_URI",
  "REDIS_URL",
  "KAFKA_SASL_PASSWORD",
] as const;

/** @throws ForesightError `invalid_request` where a file cannot be read, or a variable is given both ways */
export function withSecretFiles(
  environment: Record<string, string | undefined>,
): Record<string, string | undefined> {
  const read = { ...environment };
  for (const name of SECRET_VARIABLES) {
    const path = environment[`${name}_FILE`];
    if (path === undefined) continue;
    if (environment[name] !== undefined)
      throw refuse(`${name} and ${name}_FILE are both set; leave one out.`);
    read[name] = readText(`${name}_FILE`, path).trim();
  }
  return read;
}

function readText(name: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw refuse(`${name} is not usable: ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

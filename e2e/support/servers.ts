import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import { databaseUri } from "../../lib/testing/services/mongo-server.ts";
import { startServices } from "../../lib/testing/services/services.ts";

/** With E2E_SERVERS=1 the same tests run on Kafka, MongoDB and Redis instead of the data directory. */
const wanted = () => process.env.E2E_SERVERS === "1";

/** Before all tests: starts the servers, whose addresses the workers inherit. @returns what stops them */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (!wanted()) return undefined;
  const services = await startServices();
  Object.assign(process.env, services.addresses, { NEXTAUTH_SECRET: randomBytes(48).toString("base64url") });
  return () => services.stop();
}

/** What a program needs to find the data of `data_dir`: nothing, or topics and a database of its own on the servers. */
export function serversEnvironment(data_dir: string): Record<string, string> {
  if (!wanted()) return {};
  const { KAFKA_BROKERS = "", MONGODB_URI = "", REDIS_URL = "", NEXTAUTH_SECRET = "" } = process.env;
  const name = basename(data_dir);
  return {
    KAFKA_BROKERS,
    KAFKA_TOPIC_PREFIX: `${name}.`,
    MONGODB_URI: databaseUri(MONGODB_URI, name),
    REDIS_URL,
    NEXTAUTH_SECRET,
  };
}

import type { TestProject } from "vitest/node";
import { type ServiceAddresses, startServices } from "./services.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** `inject("services")` in a `*.servers.test.ts`: shared by all files, so use topics, databases and keys of your own. */
    services: ServiceAddresses;
  }
}

/** Uses the servers that the environment names (all three), or starts some for this run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { KAFKA_BROKERS, MONGODB_URI, REDIS_URL } = process.env;
  if (KAFKA_BROKERS && MONGODB_URI && REDIS_URL) {
    project.provide("services", { KAFKA_BROKERS, MONGODB_URI, REDIS_URL });
    return async () => {};
  }
  const services = await startServices();
  project.provide("services", {
    ...services.addresses,
    ...(KAFKA_BROKERS && { KAFKA_BROKERS }),
    ...(MONGODB_URI && { MONGODB_URI }),
    ...(REDIS_URL && { REDIS_URL }),
  });
  return () => services.stop();
}

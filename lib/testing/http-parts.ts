import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmbeddedLog } from "../adapters/embedded/event-log.ts";
import { createInProcessSharedState } from "../adapters/embedded/shared-state.ts";
import { openStore } from "../adapters/embedded/store.ts";
import { createAuthenticator } from "../auth/authenticator.ts";
import { deriveKeys } from "../auth/keys.ts";
import { hashPassword } from "../auth/passwords.ts";
import { issueToken } from "../auth/tokens.ts";
import type { Role } from "../domain/identity.ts";
import type { Reading } from "../domain/reading.ts";
import { createIngestService } from "../ingest/ingest-service.ts";
import { createUploadService } from "../ingest/upload-service.ts";
import type { ProcessorEffects } from "../ports/store.ts";
import { fakeLogger, fakeMetrics } from "./fake-system.ts";

export const HTTP_PASSWORD = "correct horse battery";

/** Time of the first reading. */
export const START = Date.UTC(2024, 0, 15, 10);

/** The i-th reading of a sensor of PUMP-001, one a second. */
export function readingAt(i: number): Reading {
  return {
    asset_id: "PUMP-001",
    sensor_id: "PUMP-001-TEMP",
    sensor_type: "temperature",
    value: 20 + i,
    unit: "celsius",
    quality: "good",
    timestamp: START + i * 1_000,
  };
}

/**
 * What the HTTP routes stand on, made of the embedded adapters in a temporary directory: two tenants, `demo` and
 * `rival`, each with a person of every role.
 */
export async function createHttpParts() {
  const data_dir = await mkdtemp(join(tmpdir(), "foresight-http-"));
  const clock = { now: () => Date.now() };
  const logger = fakeLogger();
  const metrics = fakeMetrics();
  const keys = deriveKeys("the secret of an installation under test");
  const store = openStore({ data_dir, clock, logger });
  const log = createEmbeddedLog({ data_dir, clock, logger, metrics, retention_ms: 3_600_000 });
  const shared = createInProcessSharedState({ clock });
  await store.start();
  await log.start();
  const uploads = createUploadService({ log, store, clock, metrics, ids: randomUUID });
  const password_hash = await hashPassword(HTTP_PASSWORD);
  for (const tenant_id of ["demo", "rival"]) {
    await store.addTenant({ tenant_id, name: tenant_id, created_at: clock.now() }, []);
    for (const role of ["admin", "operator", "viewer"] as const)
      await store.addUser({
        username: `${role}@${tenant_id}`,
        tenant_id,
        role,
        password_hash,
        disabled: false,
        created_at: clock.now(),
      });
  }
  await store.processorPosition((await log.head("sensor_readings")).log_id);
  let position = 0;

  return {
    logger,
    metrics,
    app: {
      clock,
      logger,
      metrics,
      log,
      store,
      shared,
      keys,
      authenticator: createAuthenticator({ store, shared, keys, clock }),
      ingest: createIngestService({ log, clock, metrics }),
      uploads,
      readiness: async () => ({ ready: true, parts: { store: { ok: true, detail: "2 tenants" } } }),
      exposition: async () => "foresight_up 1\n",
    },
    /** A token as `foresight token` prints it. */
    async tokenOf(role: Role, tenant_id = "demo"): Promise<string> {
      const request = { tenant_id, role, name: role, ttl_ms: 3_600_000, by: "test" };
      return (await issueToken({ store, keys, clock }, request)).token;
    },
    /** Puts into the store what the processor would. */
    async settle(
      tenant_id: string,
      readings: Reading[],
      more: Partial<ProcessorEffects> = {},
    ): Promise<void> {
      const from_offset = position;
      position += readings.length;
      await store.commit({
        partition: 0,
        from_offset,
        next_offset: position,
        readings: [{ tenant_id, received_at: clock.now(), readings }],
        commands: [],
        health: [],
        state: [],
        ...more,
      });
    },
    async dispose(): Promise<void> {
      await uploads.stop();
      await log.stop();
      await store.stop();
      await rm(data_dir, { recursive: true, force: true });
    },
  };
}

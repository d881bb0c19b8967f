import { afterAll, beforeAll } from "vitest";
import { readConfig } from "../../lib/runtime/config.ts";
import { publishApp } from "../../lib/runtime/handle.ts";
import { createHttpParts, readingAt } from "../../lib/testing/http-parts.ts";
import { createAsk } from "./ask.ts";

type HttpParts = Awaited<ReturnType<typeof createHttpParts>>;

/** A reading as a program posts it. */
export const sample = {
  asset_id: "MOTOR-001",
  sensor_id: "MOTOR-001-VIB",
  sensor_type: "vibration",
  value: 3,
  unit: "mm/s",
  timestamp: "2024-01-15T10:00:00Z",
};

/**
 * The routes over embedded parts of their own for the tests of one file: `given` holds a token of each role of
 * `demo` and, as `rival`, that of the other tenant's administrator; `ask` sends with them.
 * @param settle puts readings into the store before the first test; one reading where absent
 */
export function routesUnderTest(
  settle: (parts: HttpParts) => Promise<void> = (parts) => parts.settle("demo", [readingAt(0)]),
) {
  let parts: HttpParts;
  const given: Record<string, string> = {};
  beforeAll(async () => {
    parts = await createHttpParts();
    publishApp({ ...parts.app, config: readConfig({}, {}) });
    for (const role of ["admin", "operator", "viewer", "ingest"] as const)
      given[role] = await parts.tokenOf(role);
    given.rival = await parts.tokenOf("admin", "rival");
    await settle(parts);
  });
  afterAll(async () => {
    publishApp(undefined);
    await parts.dispose();
  });
  return {
    get parts() {
      return parts;
    },
    given,
    ask: createAsk(given),
  };
}

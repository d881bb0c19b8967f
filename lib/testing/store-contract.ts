import { afterEach, beforeEach, describe } from "vitest";
import type { Store } from "../ports/store.ts";
import { accountTests } from "./store/accounts.ts";
import { alertTests } from "./store/alerts.ts";
import { defaultsTests } from "./store/defaults.ts";
import { durabilityTests } from "./store/durability.ts";
import type { StoreHarness } from "./store/harness.ts";
import { healthTests } from "./store/health.ts";
import { modelTests } from "./store/models.ts";
import { processorTests } from "./store/processor.ts";
import { readingTests } from "./store/readings.ts";
import { settingsTests } from "./store/settings.ts";

/** What every store must do, whatever it stands on; each test has data of its own. */
export function describeStore(name: string, makeHarness: () => Promise<StoreHarness>): void {
  describe(name, () => {
    let harness: StoreHarness;
    let store: Store;
    beforeEach(async () => {
      harness = await makeHarness();
      store = harness.open();
      await store.start();
    });
    afterEach(() => harness.dispose());

    const use = () => ({
      store,
      health_log_outside: harness.health_log_outside === true,
      async another() {
        const further = harness.open();
        await further.start();
        return further;
      },
    });
    for (const tests of [
      readingTests,
      healthTests,
      modelTests,
      alertTests,
      accountTests,
      settingsTests,
      defaultsTests,
      processorTests,
      durabilityTests,
    ])
      tests(use);
  });
}

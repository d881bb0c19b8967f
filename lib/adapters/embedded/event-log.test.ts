import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeEventLog } from "../../testing/event-log-contract.ts";
import { fakeClock, fakeLogger, fakeMetrics } from "../../testing/fake-system.ts";
import { createEmbeddedLog } from "./event-log.ts";

describeEventLog(
  "the embedded log",
  async () => {
    const data_dir = mkdtempSync(join(tmpdir(), "foresight-log-"));
    const clock = fakeClock();
    const open = async () => {
      const log = createEmbeddedLog({
        data_dir,
        clock,
        logger: fakeLogger(),
        metrics: fakeMetrics(),
        retention_ms: 86_400_000,
      });
      await log.start();
      return log;
    };
    let log = await open();
    return {
      log,
      async restart() {
        await log.stop();
        log = await open();
        return log;
      },
      later: async () => clock.advance(1),
      async dispose() {
        await log.stop();
        rmSync(data_dir, { recursive: true });
      },
    };
  },
  { idempotency_keys: true },
);

import type { AuthKeys } from "../auth/keys.ts";
import type { IngestService } from "../ingest/ingest-service.ts";
import type { UploadService } from "../ingest/upload-service.ts";
import type { Authenticator } from "../ports/authenticator.ts";
import type { EventLog } from "../ports/event-log.ts";
import type { SharedState } from "../ports/shared-state.ts";
import type { Store } from "../ports/store.ts";
import type { Clock, Logger, Metrics } from "../ports/system.ts";
import type { Config } from "./config.ts";

/** The state of one part as `/readyz` tells it. */
export interface PartState {
  ok: boolean;
  detail: string;
  /** It is not ok, and the instance serves all the same, with less. */
  degraded?: boolean;
}

/** The running application as pages and API routes see it. */
export interface App {
  config: Config;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  log: EventLog;
  store: Store;
  shared: SharedState;
  keys: AuthKeys;
  authenticator: Authenticator;
  ingest: IngestService;
  uploads: UploadService;
  /** `/readyz`: able to serve only where every part is, be it degraded. */
  readiness(): Promise<{ ready: boolean; parts: Record<string, PartState> }>;
  /** Prometheus text exposition. */
  exposition(): Promise<string>;
}

/**
 * `server.ts` and Next's bundles hold separate module graphs; this symbol is the only thing they share. Read it
 * when it is needed, never at import.
 */
const HANDLE = Symbol.for("foresight.app");
type Holder = { [HANDLE]?: App };

export function publishApp(app: App | undefined): void {
  (globalThis as Holder)[HANDLE] = app;
}

/** @throws Error where no server runs in this process (a page rendered at build time, say) */
export function runningApp(): App {
  const app = (globalThis as Holder)[HANDLE];
  if (app === undefined) throw new Error("FORESIGHT is not running in this process.");
  return app;
}

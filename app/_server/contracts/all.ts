import type { Contract } from "../contract.ts";
import * as accounts from "./accounts.ts";
import * as alerts from "./alerts.ts";
import * as assets from "./assets.ts";
import * as ingest from "./ingest.ts";
import * as rules from "./rules.ts";
import * as sessions from "./sessions.ts";
import * as settings from "./settings.ts";
import * as system from "./system.ts";

/** Every contract of the HTTP API, in the order of the OpenAPI document. */
export const CONTRACTS: readonly Contract[] = [
  ingest,
  assets,
  alerts,
  rules,
  settings,
  accounts,
  sessions,
  system,
].flatMap((room) => Object.values(room) as unknown as Contract[]);

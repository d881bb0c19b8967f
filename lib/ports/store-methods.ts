import type { Store } from "./store.ts";

/** What of the store is called; the rest of it is its life and its events. */
export type StoreMethods = { [K in Exclude<keyof Store, "start" | "stop" | "onAlertEvents">]: Store[K] };

/** All of them by name, so that one function can stand before each (complete by the type of the record). */
const NAMES: Record<keyof StoreMethods, true> = {
  assets: true,
  asset: true,
  setAssetType: true,
  history: true,
  page: true,
  stats: true,
  healthHistory: true,
  alerts: true,
  alert: true,
  execute: true,
  alertEvents: true,
  lastAlertSeq: true,
  alertLogId: true,
  rules: true,
  putRule: true,
  deleteRule: true,
  models: true,
  putModel: true,
  deleteModel: true,
  givenDefaults: true,
  giveDefaults: true,
  tenants: true,
  tenant: true,
  addTenant: true,
  users: true,
  user: true,
  addUser: true,
  updateUser: true,
  addToken: true,
  tokens: true,
  revokeToken: true,
  addSession: true,
  revokeSession: true,
  revokedCredentials: true,
  putUpload: true,
  upload: true,
  uploads: true,
  settings: true,
  putSettings: true,
  processorPosition: true,
  loadState: true,
  commit: true,
  snapshot: true,
  configVersion: true,
};

/** A store's methods, each of which asks `target` at every call for who really does it. */
export function forwardTo(target: () => StoreMethods): StoreMethods {
  const forwarded: Record<string, (...args: unknown[]) => Promise<unknown>> = {};
  for (const name of Object.keys(NAMES) as (keyof StoreMethods)[])
    forwarded[name] = async (...args) =>
      (target()[name] as (...args: unknown[]) => Promise<unknown>)(...args);
  return forwarded as unknown as StoreMethods;
}

import { join } from "node:path";

export function logFile(data_dir: string): string {
  return join(data_dir, "log.db");
}

export function storeFile(data_dir: string): string {
  return join(data_dir, "store.db");
}

export function lockFile(data_dir: string): string {
  return join(data_dir, "server.lock");
}

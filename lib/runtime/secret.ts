import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The secret that signs sessions and tokens: the given one, else the one generated once into the data directory
 * (mode 0600), so that sessions outlive a restart.
 */
export async function loadSecret(data_dir: string, given?: string): Promise<string> {
  if (given !== undefined) return given;
  const path = join(data_dir, "secret");
  try {
    await writeFile(path, randomBytes(48).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return (await readFile(path, "utf8")).trim();
}

import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const serverFileSchema = z.object({ url: z.url(), pid: z.number().int() });
export type ServerFile = z.infer<typeof serverFileSchema>;

const pathIn = (data_dir: string) => join(data_dir, "server.json");

/** Tells commands on this machine where the server of a data directory listens. */
export async function writeServerFile(data_dir: string, content: ServerFile): Promise<void> {
  await writeFile(pathIn(data_dir), JSON.stringify(content), { mode: 0o600 });
}

export async function removeServerFile(data_dir: string): Promise<void> {
  await rm(pathIn(data_dir), { force: true });
}

/** @returns the running server's address, or `undefined` where none runs (a file left by a crash is not believed) */
export async function readServerFile(data_dir: string): Promise<ServerFile | undefined> {
  try {
    const content = serverFileSchema.parse(JSON.parse(await readFile(pathIn(data_dir), "utf8")));
    process.kill(content.pid, 0);
    return content;
  } catch {
    return undefined;
  }
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { javaClassPath, MONGO_LAUNCHER } from "./programs.ts";
import { type Restartable, startRestartable } from "./restartable.ts";
import { ServerProcess, serverFolder } from "./server-process.ts";

/** A MongoDB-compatible server (mongo-java-server), which is not MongoDB: no transactions, `explain` or expiry. */
export interface MongoServer extends Restartable {
  /** `MONGODB_URI` without a database's name; add one by `databaseUri`. */
  readonly uri: string;
  readonly port: number;
}

export interface MongoServerOptions {
  /** Keep the data in a file, so that `restart` finds it. */
  disk?: boolean;
  /** `false`: a server without change streams. */
  change_streams?: boolean;
}

/** The address of one database on a server, whose own address may carry options (`?replicaSet=…`). */
export function databaseUri(uri: string, database: string): string {
  const [, base, query] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(uri) ?? [];
  if (base === undefined) throw new Error("Not an address of MongoDB.");
  return `${base}/${database}${query ?? ""}`;
}

export async function startMongo(options: MongoServerOptions = {}): Promise<MongoServer> {
  const class_path = await javaClassPath();
  const folder = await serverFolder("mongo");
  const log_file = join(folder, "mongo.log");
  let port = 0;
  let starts = 0;
  const begin = async () => {
    starts += 1;
    const next = new ServerProcess(
      "The MongoDB-compatible server",
      "java",
      [
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-cp",
        class_path,
        MONGO_LAUNCHER,
        String(port),
        options.disk ? join(folder, "data.mv") : "memory",
        options.change_streams === false ? "no-oplog" : "oplog",
      ],
      log_file,
    );
    port = await next.ready(async () => {
      const said = [...(await readFile(log_file, "utf8")).matchAll(/^listening (\d+)$/gm)];
      return said.length === starts ? Number(said.at(-1)?.[1]) : undefined;
    });
    return next;
  };
  const server = await startRestartable(folder, begin);
  return Object.assign(server, {
    uri: `mongodb://127.0.0.1:${port}`,
    port,
  });
}

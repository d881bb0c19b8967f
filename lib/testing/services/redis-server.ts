import { connect } from "node:net";
import { join } from "node:path";
import { type Restartable, startRestartable } from "./restartable.ts";
import { freePorts, ServerProcess, serverFolder } from "./server-process.ts";

export interface RedisServer extends Restartable {
  /** `REDIS_URL` without a database's number. */
  readonly url: string;
  readonly port: number;
}

export async function startRedis(): Promise<RedisServer> {
  const folder = await serverFolder("redis");
  const [port] = (await freePorts(1)) as [number];
  const begin = async () => {
    const next = new ServerProcess(
      "Redis",
      "redis-server",
      ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder],
      join(folder, "redis.log"),
    );
    await next.ready(() => ping(port), 20_000);
    return next;
  };
  const server = await startRestartable(folder, begin);
  return Object.assign(server, {
    url: `redis://127.0.0.1:${port}`,
    port,
  });
}

function ping(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    const done = (answer: true | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => done(undefined));
    socket.once("error", () => done(undefined));
    socket.once("data", (data) => done(data.toString().startsWith("+PONG") ? true : undefined));
  });
}

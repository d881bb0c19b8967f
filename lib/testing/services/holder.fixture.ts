/** Starts a Redis, says where, and waits to be killed. */
import { startRedis } from "./redis-server.ts";
import { serverFolder } from "./server-process.ts";

const folder = await serverFolder("holder");
const redis = await startRedis();
process.stdout.write(JSON.stringify({ port: redis.port, folder }));
setInterval(() => {}, 60_000);

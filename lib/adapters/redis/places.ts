import type { RedisConnection } from "./connection.ts";

/** An instance that has not been heard of for so long has no sockets. */
const LEASE_MS = 15_000;
const RENEW_EVERY_MS = 5_000;
/** Everything is told anew so often, and what is not told again is forgotten after the longer time. */
const TELL_EVERY_MS = 600_000;
const FORGET_S = 1_800;

/**
 * A user's places: one hash, a count for each instance. Counts of instances without a lease are dropped as they are
 * met. KEYS: the hash. ARGV: this instance, the most, the prefix of leases.
 */
const TAKE = `
local taken = 0
local counts = redis.call('HGETALL', KEYS[1])
for i = 1, #counts, 2 do
  if counts[i] == ARGV[1] or redis.call('EXISTS', ARGV[3] .. counts[i]) == 1 then
    taken = taken + math.max(0, tonumber(counts[i + 1]))
  else
    redis.call('HDEL', KEYS[1], counts[i])
  end
end
if taken >= tonumber(ARGV[2]) then return 0 end
redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
redis.call('EXPIRE', KEYS[1], ${FORGET_S})
return 1`;

/**
 * The places of users' open sockets over all instances. This instance's own counts are the truth about its sockets:
 * they are told to Redis again whenever Redis may not know them (it was away, or has forgotten).
 */
export class Places {
  private readonly own = new Map<string, number>();
  /** Users whose count in Redis may differ from `own`. */
  private readonly unsure = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private told_at = 0;

  constructor(
    private readonly redis: Pick<RedisConnection, "ready" | "client">,
    private readonly prefix: string,
    private readonly instance: string,
    private readonly now: () => number,
  ) {}

  async start(): Promise<void> {
    this.timer ??= setInterval(() => void this.renew(), RENEW_EVERY_MS);
    await this.renew();
  }

  /** Gives everything back. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    this.own.clear();
    if (this.redis.ready) await this.redis.client.del(this.lease()).catch(() => undefined);
  }

  async take(user: string, most: number): Promise<boolean> {
    const mine = this.own.get(user) ?? 0;
    if (mine >= most) return false;
    // Counted before it is asked, so that many at once are not let in by an old count.
    this.own.set(user, mine + 1);
    let taken = true;
    if (this.redis.ready)
      try {
        taken =
          (await this.redis.client.eval(TAKE, 1, this.key(user), this.instance, most, this.lease(""))) === 1;
      } catch {
        this.unsure.add(user);
      }
    else this.unsure.add(user);
    if (!taken) this.count(user, -1);
    return taken;
  }

  async leave(user: string): Promise<void> {
    this.count(user, -1);
    if (this.redis.ready)
      try {
        const rest = await this.redis.client.hincrby(this.key(user), this.instance, -1);
        if (rest <= 0) await this.redis.client.hdel(this.key(user), this.instance);
        return;
      } catch {
        // told below
      }
    this.unsure.add(user);
  }

  /** Holds the lease, and tells what Redis may not know. */
  async renew(): Promise<void> {
    if (!this.redis.ready) return;
    try {
      const held = await this.redis.client.set(this.lease(), "1", "PX", LEASE_MS, "GET");
      if (held === null || this.now() - this.told_at >= TELL_EVERY_MS) {
        for (const user of this.own.keys()) this.unsure.add(user);
        this.told_at = this.now();
      }
      const users = [...this.unsure];
      this.unsure.clear();
      await this.tell(users);
    } catch {
      // Redis went away meanwhile; the next look tells all.
      this.told_at = 0;
    }
  }

  private async tell(users: string[]): Promise<void> {
    if (users.length === 0) return;
    const pipeline = this.redis.client.pipeline();
    for (const user of users) {
      const count = this.own.get(user) ?? 0;
      if (count > 0) pipeline.hset(this.key(user), this.instance, count).expire(this.key(user), FORGET_S);
      else pipeline.hdel(this.key(user), this.instance);
    }
    await pipeline.exec();
  }

  private count(user: string, by: number): void {
    const rest = (this.own.get(user) ?? 0) + by;
    if (rest > 0) this.own.set(user, rest);
    else this.own.delete(user);
  }

  private key(user: string): string {
    return `${this.prefix}places:${user}`;
  }

  private lease(instance = this.instance): string {
    return `${this.prefix}instance:${instance}`;
  }
}

import type { SharedState } from "../ports/shared-state.ts";

interface Limit {
  points: number;
  per_s: number;
}

/**
 * Failed sign-ins that are let through. Ten from one address against one account; more from one address over all
 * accounts (a shared address has several people); and over all addresses against one account only so many a
 * minute that guessing is hopeless and nobody is locked out of their account for longer than that minute.
 */
export const LOGIN_LIMITS = {
  account_and_address: { points: 10, per_s: 300 },
  address: { points: 100, per_s: 300 },
  account: { points: 50, per_s: 60 },
} as const satisfies Record<string, Limit>;

export interface LoginThrottle {
  /** Takes one attempt. @returns seconds to wait where there have been too many failures, else `undefined` */
  take(account: string, address: string): Promise<number | undefined>;
  /** Gives the attempt back: it succeeded. */
  giveBack(account: string, address: string): Promise<void>;
}

/** As the store compares names. */
const nameOf = (account: string) => account.normalize("NFC").toLowerCase();

/**
 * Each attempt is counted before its password is looked at, so a hundred sent at once are not a hundred guesses,
 * and given back when it was right, so only failures add up.
 */
export function createLoginThrottle(shared: Pick<SharedState, "consume">): LoginThrottle {
  const buckets = (account: string, address: string): [string, string, Limit][] => [
    ["login", JSON.stringify([nameOf(account), address]), LOGIN_LIMITS.account_and_address],
    ["login-address", address, LOGIN_LIMITS.address],
    ["login-account", nameOf(account), LOGIN_LIMITS.account],
  ];
  return {
    async take(account, address) {
      // One after the other: an attempt refused for its address must not use up the account's share.
      for (const [bucket, key, limit] of buckets(account, address)) {
        const { allowed, retry_after_s } = await shared.consume(bucket, key, limit);
        if (!allowed) return Math.max(1, Math.ceil(retry_after_s));
      }
      return undefined;
    },
    async giveBack(account, address) {
      for (const [bucket, key, limit] of buckets(account, address))
        await shared.consume(bucket, key, limit, -1);
    },
  };
}

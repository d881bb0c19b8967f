import type { Tenant } from "../domain/account.ts";
import type { Alert } from "../domain/alert.ts";
import { isForesightError } from "../domain/errors.ts";
import type { Store } from "../ports/store.ts";
import type { Clock, Logger, Service } from "../ports/system.ts";

/** promises 10 s. */
const EVERY_MS = 5_000;
const PAGE = 1_000;

export interface Shelf extends Service {
  /** Looks once. @returns how many alerts came back */
  look(): Promise<number>;
}

/**
 * Brings shelved alerts back when their time is over. The event's id names alert and time, so however many servers
 * run, it happens once; and it does nothing to an alert that somebody has shelved further meanwhile.
 */
export function createShelf(options: {
  store: Pick<Store, "tenants" | "alerts" | "execute">;
  clock: Clock;
  logger: Logger;
  every_ms?: number;
}): Shelf {
  const { store, clock, logger, every_ms = EVERY_MS } = options;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<unknown> = Promise.resolve();

  async function bringBack({ tenant_id, id: alert_id, shelved_until }: Alert): Promise<number> {
    const until = shelved_until ?? 0;
    if (until > clock.now()) return 0;
    try {
      const events = await store.execute(tenant_id, [
        {
          kind: "unshelve",
          event_id: `unshelve/${alert_id}@${until}`,
          at: clock.now(),
          by: "rules",
          alert_id,
          ...(shelved_until !== undefined && { shelved_until }),
        },
      ]);
      return events.length;
    } catch (error) {
      // Resolved between the look and the command.
      if (isForesightError(error) && error.code === "conflict") return 0;
      throw error;
    }
  }

  async function lookAt({ tenant_id }: Tenant): Promise<number> {
    let back = 0;
    for (let after: string | undefined; ; ) {
      const page = await store.alerts(tenant_id, {
        state: ["shelved"],
        limit: PAGE,
        ...(after !== undefined && { after }),
      });
      for (const alert of page) back += await bringBack(alert);
      if (page.length < PAGE) return back;
      after = page.at(-1)!.id;
    }
  }

  async function look(): Promise<number> {
    let back = 0;
    for (const tenant of await store.tenants()) back += await lookAt(tenant);
    return back;
  }

  function plan(): void {
    timer = setTimeout(() => {
      looking = look()
        .catch((error: Error) => logger.warn({ error: error.message }, "shelved alerts could not be read"))
        .then(() => {
          if (timer !== undefined) plan();
        });
    }, every_ms);
  }

  return {
    look,
    async start() {
      if (timer === undefined) plan();
    },
    async stop() {
      clearTimeout(timer);
      timer = undefined;
      await looking;
    },
  };
}

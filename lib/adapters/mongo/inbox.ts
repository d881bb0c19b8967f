import { BSON } from "mongodb";
import type { Clock, Logger, Metrics } from "../../ports/system.ts";
import type { AlertLog } from "./alert-log.ts";
import type { Collections, InboxDoc } from "./collections.ts";
import { isDuplicateKey } from "./errors.ts";
import { inboxCommand, inboxId } from "./inbox-document.ts";

const AT_ONCE = 100;
/** Without a change stream, and in case one was silent. */
const LOOK_EVERY_MS = 1_000;
const QUARANTINE_MS = 30 * 24 * 3_600_000;
const QUARANTINE_MOST = 16_384;

export interface Inbox {
  start(): void;
  stop(): Promise<void>;
  /** Takes in what lies there. @returns how many documents that were */
  drain(): Promise<number>;
}

/**
 * Takes in the alerts that foreign programs put into `alerts_inbox`: each in the documented form becomes an event with
 * its number; each in any other form goes to `alerts_quarantine` with the reason. The document goes last, so whoever
 * dies before finds it again, and its event's id says that it has been done.
 */
export function createInbox(options: {
  collections: Pick<Collections, "alerts_inbox" | "alerts_quarantine" | "tenants">;
  log: AlertLog;
  clock: Clock;
  logger?: Logger | undefined;
  metrics?: Metrics | undefined;
}): Inbox {
  const { collections, log, clock, logger, metrics } = options;
  const { alerts_inbox, alerts_quarantine, tenants } = collections;
  let stopping = false;
  let running: Promise<void> | undefined;
  let wake: (() => void) | undefined;
  const count = (result: "accepted" | "quarantined") =>
    metrics?.increment("foresight_alerts_inbox_total", { result });

  async function quarantine(document: InboxDoc, reason: string): Promise<void> {
    const now = clock.now();
    try {
      await alerts_quarantine.insertOne({
        _id: inboxId(document),
        reason,
        document: BSON.EJSON.stringify(document).slice(0, QUARANTINE_MOST),
        received_at: now,
        forget_at: new Date(now + QUARANTINE_MS),
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    logger?.warn({ reason }, "a document of alerts_inbox is no alert; it is in alerts_quarantine");
    count("quarantined");
  }

  async function takeIn(document: InboxDoc): Promise<void> {
    const read = inboxCommand(document, clock.now());
    if ("reason" in read) await quarantine(document, read.reason);
    else if ((await tenants.findOne({ _id: read.tenant_id })) === null)
      await quarantine(document, "tenant_id: there is no such tenant");
    else {
      await log.append(read.tenant_id, [read.command]);
      count("accepted");
    }
    await alerts_inbox.deleteOne({ _id: document._id });
  }

  async function drain(): Promise<number> {
    for (let taken = 0; ; ) {
      const documents = await alerts_inbox.find().sort({ _id: 1 }).limit(AT_ONCE).toArray();
      for (const document of documents) await takeIn(document);
      taken += documents.length;
      if (documents.length < AT_ONCE) return taken;
    }
  }

  async function run(): Promise<void> {
    while (!stopping) {
      try {
        await drain();
      } catch (error) {
        if (!stopping) logger?.warn({ error: String(error) }, "alerts_inbox cannot be read now");
      }
      if (stopping) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_EVERY_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  return {
    drain,
    start() {
      running ??= run();
    },
    async stop() {
      stopping = true;
      wake?.();
      await running;
    },
  };
}

import type { LogPosition } from "../domain/log-position.ts";
import type { EventLog, LogBatch, StartAt, Subscription, Topic, TopicValues } from "../ports/event-log.ts";
import type { Channel } from "../protocol/messages.ts";
import type { ChannelKind } from "./channel-kinds.ts";
import type { Hub } from "./hub.ts";
import { distance, type Offsets, reached } from "./positions.ts";
import type { Run } from "./runs.ts";
import { Happening, type Source } from "./source.ts";
import { Stream } from "./stream.ts";

/** Values read in one go for those who are behind what is in memory. */
const PAGE = 5_000;
/** Records that are read at most before the stream is ready. */
const REFILL_RECORDS = 300_000;

export interface BridgeOptions<T extends Topic> {
  log: EventLog;
  topic: T;
  channel: Channel;
  hub: Hub;
  kindOf(tenant_id: string): ChannelKind<TopicValues[T]>;
  /** What of a run is to go on, as runs of dense offsets; all of it where absent. */
  admit?(tenant_id: string, run: Run<TopicValues[T]>): Run<TopicValues[T]>[];
}

interface Page<T extends Topic> {
  batches: LogBatch<T>[];
  position: LogPosition;
}

/** Brings one topic of the event log to the streams of its channel, one for each tenant. */
export class Bridge<T extends Topic>
  implements Pick<Source<TopicValues[T]>, "position" | "moved" | "head" | "earliest">
{
  private readonly streams = new Map<string, Stream<TopicValues[T]>>();
  private readonly moves = new Happening();
  private readonly pages = new Map<string, Promise<Page<T>>>();
  private subscription: Subscription | undefined;
  private log_id = "";
  private first: Offsets = {};
  private next: Offsets = {};

  constructor(private readonly options: BridgeOptions<T>) {}

  /** Resolves when what came since `since` and until now is in memory. */
  async start(since: number): Promise<void> {
    const { log, topic } = this.options;
    const head = await log.head(topic);
    this.log_id = head.log_id;
    let begun = await this.open({ since });
    if (distance(begun.from, head.next) > REFILL_RECORDS) {
      // More than memory keeps anyway; what lies before is replayed from the log.
      await begun.cancel();
      begun = await this.open({ at: await this.before(head, REFILL_RECORDS) });
    }
    this.first = begun.from;
    this.next = begun.from;
    begun.go();
    while (!reached(this.next, head.next)) await this.moves.next();
  }

  /** Subscribes, but takes nothing until `go`. */
  private async open(start: StartAt) {
    let decide: (takes: boolean) => void = () => undefined;
    const decided = new Promise<boolean>((resolve) => {
      decide = resolve;
    });
    const subscription = await this.options.log.subscribe(
      this.options.topic,
      start,
      async (batches, position) => {
        if (await decided) this.take(batches, position);
      },
    );
    return {
      from: { ...subscription.position().next } as Offsets,
      go: () => {
        this.subscription = subscription;
        decide(true);
      },
      cancel: () => {
        decide(false);
        return subscription.stop();
      },
    };
  }

  private take(batches: LogBatch<T>[], position: LogPosition): void {
    for (const batch of batches) {
      const stream = this.stream(batch.tenant_id);
      for (const run of this.options.admit?.(batch.tenant_id, batch) ?? [batch]) stream.push(run);
    }
    this.next = position.next;
    this.moves.happen();
    this.options.hub.settle();
  }

  private async before(head: LogPosition, records: number): Promise<LogPosition> {
    const earliest = await this.earliest();
    const partitions = Object.keys(head.next).length;
    const next = Object.fromEntries(
      Object.entries(head.next).map(([partition, offset]) => [
        partition,
        Math.max(earliest.next[Number(partition)] ?? 0, offset - Math.floor(records / partitions)),
      ]),
    );
    return { log_id: head.log_id, next };
  }

  async stop(): Promise<void> {
    await this.subscription?.stop();
    this.moves.happen();
  }

  stream(tenant_id: string): Stream<TopicValues[T]> {
    let stream = this.streams.get(tenant_id);
    if (stream === undefined) {
      const source: Source<TopicValues[T]> = {
        channel: this.options.channel,
        log_id: this.log_id,
        position: () => this.next,
        moved: () => this.moves.next(),
        head: () => this.head(),
        earliest: () => this.earliest(),
        read: (from) => this.read(tenant_id, from),
      };
      stream = new Stream(this.options.kindOf(tenant_id), source, this.options.hub, this.first);
      this.streams.set(tenant_id, stream);
    }
    return stream;
  }

  position(): Offsets {
    return this.next;
  }

  moved(): Promise<void> {
    return this.moves.next();
  }

  head() {
    return this.options.log.head(this.options.topic);
  }

  earliest() {
    return this.options.log.earliest(this.options.topic);
  }

  /** Records of the log that this instance has not read yet. */
  async behind(): Promise<number> {
    return distance(this.next, (await this.head()).next);
  }

  /** Those who ask for the same page at the same time share one read. */
  private async read(tenant_id: string, from: Offsets) {
    const { log, topic } = this.options;
    const key = JSON.stringify(from);
    let page = this.pages.get(key);
    if (page === undefined) {
      page = log.read(topic, { log_id: this.log_id, next: { ...from } }, PAGE);
      this.pages.set(key, page);
      const drop = () => void this.pages.delete(key);
      page.then(drop, drop);
    }
    const { batches, position } = await page;
    return { runs: batches.filter((batch) => batch.tenant_id === tenant_id), next: position.next };
  }
}

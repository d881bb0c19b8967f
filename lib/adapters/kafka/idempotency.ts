import type { AppendResult } from "../../ports/event-log.ts";
import type { RecordProducer } from "./producer.ts";
import type { Offsets, TopicReader } from "./topic-reader.ts";

/** Keys that are remembered at most; the oldest are forgotten first, and what comes again then is known by its readings' identity. */
const MOST_KEYS = 100_000;

type Answer = Omit<AppendResult, "duplicate">;

/**
 * The idempotency keys of all instances, in a topic of their own: written when the readings are durable, read on
 * before each append that has one. A crash between the two leaves readings without a key, which are then known by
 * their identity in the store.
 */
export class IdempotencyKeys {
  private readonly answers = new Map<string, Answer>();
  private next: Offsets | undefined;
  private reading: Promise<void> | undefined;
  private readonly running = new Map<string, Promise<AppendResult>>();

  constructor(
    private readonly reader: TopicReader,
    private readonly producer: RecordProducer,
  ) {}

  /** Appends once: whoever comes later, or at the same time, gets the first one's answer. */
  async once(tenant_id: string, key: string, append: () => Promise<AppendResult>): Promise<AppendResult> {
    const id = JSON.stringify([tenant_id, key]);
    const running = this.running.get(id);
    if (running !== undefined) return { ...(await running), duplicate: true };
    const own = this.first(id, append).finally(() => this.running.delete(id));
    this.running.set(id, own);
    return own;
  }

  private async first(id: string, append: () => Promise<AppendResult>): Promise<AppendResult> {
    await this.readOn();
    const known = this.answers.get(id);
    if (known !== undefined) return { ...known, duplicate: true };
    const { duplicate: _, ...answer } = await append();
    const message = { topic: this.reader.topic, partition: 0, key: id, value: JSON.stringify(answer) };
    await this.producer.send([message]);
    this.keep(id, answer);
    return { ...answer, duplicate: false };
  }

  private keep(id: string, answer: Answer): void {
    this.answers.set(id, answer);
    if (this.answers.size > MOST_KEYS) this.answers.delete(this.answers.keys().next().value!);
  }

  /** Takes over what others, and who ran before, have written. */
  readOn(): Promise<void> {
    this.reading ??= (async () => {
      const [earliest, head] = await Promise.all([this.reader.earliest(), this.reader.head()]);
      const end = head.next[0] ?? 0;
      let at = Math.max(this.next?.[0] ?? 0, earliest.next[0] ?? 0, end - MOST_KEYS);
      while (at < end) {
        const [leader] = [...(await this.reader.leaders()).keys()];
        const [fetched] = await this.reader.fetch(leader!, { 0: at }, { wait_ms: 0 });
        for (const { key, value } of fetched?.records ?? [])
          if (key !== null && value !== null)
            this.keep(key.toString("utf8"), JSON.parse(value.toString("utf8")) as Answer);
        at = Math.max(at, fetched?.next_offset ?? at);
      }
      this.next = { 0: at };
    })().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }
}

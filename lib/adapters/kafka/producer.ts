import { CompressionTypes, type Kafka, type Message, Partitioners, type Producer } from "kafkajs";
import { ForesightError } from "../../domain/errors.ts";
import type { Clock, Logger } from "../../ports/system.ts";

export interface Outgoing extends Message {
  topic: string;
  partition: number;
}

/** Where each of them is now, in their order. */
export interface Produced {
  offsets: number[];
  /** The broker's clock, of the earliest; −1 where the topic takes the producer's. */
  append_time: number;
}

interface Waiting {
  messages: Outgoing[];
  resolve(produced: Produced): void;
  reject(error: Error): void;
}

/** Records in one request: compressed they stay well below the megabyte that brokers take. */
const MOST_AT_ONCE = 10_000;
/** Records that wait for the broker at most; more are refused. */
const MOST_WAITING = 200_000;
const SEND_WITHIN_MS = 10_000;
const RECONNECT_MS = { first: 200, most: 2_000 };

export const brokerGone = (cause?: unknown): ForesightError =>
  new ForesightError("unavailable", "Kafka cannot be reached; nothing was taken. Try again.", {
    retry_after_s: 2,
    cause,
  });

/** Partition of a key as Kafka's own clients choose it (murmur2). */
export function partitionOf(key: string, partitions: number): number {
  const metadata = Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader: 0 }));
  return murmur2({ topic: "", partitionMetadata: metadata as never, message: { key, value: null } });
}
const murmur2 = Partitioners.DefaultPartitioner();

/**
 * Sends with acks of all replicas, idempotent, one request at a time; what comes meanwhile goes with the next. After a
 * failure whose outcome is not known a producer of a new identity takes over: with the old one the broker could take
 * the next records for those and drop them. While the broker is away, whoever sends is told at once.
 */
export class RecordProducer {
  private producer: Producer | undefined;
  private connecting: Promise<void> | undefined;
  private queue: Waiting[] = [];
  private waiting = 0;
  private sending: Promise<void> | undefined;
  private stopped = false;
  private wake: (() => void) | undefined;

  constructor(
    private readonly kafka: Kafka,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  /** Resolves when a producer is connected, which is tried until `stop`. */
  private reconnect(): Promise<void> {
    this.connecting ??= (async () => {
      for (let wait = RECONNECT_MS.first; !this.stopped; wait = Math.min(wait * 2, RECONNECT_MS.most)) {
        const producer = this.kafka.producer({
          idempotent: true,
          allowAutoTopicCreation: false,
          createPartitioner: Partitioners.DefaultPartitioner,
          retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 500 },
        });
        try {
          await producer.connect();
          if (this.stopped) await producer.disconnect();
          else this.producer = producer;
          return;
        } catch (error) {
          await producer.disconnect().catch(() => undefined);
          this.logger.warn({ error: String(error) }, "Kafka cannot be reached; trying again");
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, wait);
            this.wake = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        }
      }
    })().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  async start(): Promise<void> {
    if (this.producer === undefined) await this.reconnect();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake?.();
    await this.sending;
    await this.connecting;
    const { producer } = this;
    this.producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }

  /** Resolves when all replicas have the records. @throws ForesightError `unavailable`, `shutting_down` */
  send(messages: Outgoing[]): Promise<Produced> {
    if (this.stopped) return Promise.reject(new ForesightError("shutting_down", "The server is stopping."));
    if (messages.length === 0) return Promise.resolve({ offsets: [], append_time: -1 });
    if (this.producer === undefined) {
      void this.reconnect();
      return Promise.reject(brokerGone());
    }
    if (this.waiting > 0 && this.waiting + messages.length > MOST_WAITING)
      return Promise.reject(
        new ForesightError("unavailable", "Kafka takes less than comes in; try again.", { retry_after_s: 1 }),
      );
    this.waiting += messages.length;
    const sent = new Promise<Produced>((resolve, reject) => this.queue.push({ messages, resolve, reject }));
    this.sending ??= this.drain();
    return sent;
  }

  private async drain(): Promise<void> {
    // Whoever sends within the same turn of the event loop goes together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      const taken: Waiting[] = [];
      let size = 0;
      while (this.queue.length > 0 && (size === 0 || size + this.queue[0]!.messages.length <= MOST_AT_ONCE)) {
        const next = this.queue.shift()!;
        taken.push(next);
        size += next.messages.length;
      }
      try {
        const all = taken.length === 1 ? taken[0]!.messages : taken.flatMap(({ messages }) => messages);
        const { offsets, append_time } = await this.produceAll(all);
        let at = 0;
        for (const { messages, resolve } of taken) {
          resolve({ offsets: offsets.slice(at, at + messages.length), append_time });
          at += messages.length;
        }
      } catch (error) {
        for (const { reject } of taken) reject(error as Error);
      } finally {
        this.waiting -= size;
      }
    }
    // In the same turn as the last look at the queue, so that whoever sends next finds that nobody does.
    this.sending = undefined;
  }

  private async produceAll(messages: Outgoing[]): Promise<Produced> {
    const offsets: number[] = [];
    let append_time = Number.POSITIVE_INFINITY;
    for (let at = 0; at < messages.length; at += MOST_AT_ONCE) {
      const part = messages.length <= MOST_AT_ONCE ? messages : messages.slice(at, at + MOST_AT_ONCE);
      const produced = await this.produce(part);
      for (const offset of produced.offsets) offsets.push(offset);
      append_time = Math.min(append_time, produced.append_time);
    }
    return { offsets, append_time };
  }

  private async produce(messages: Outgoing[]): Promise<Produced> {
    const { producer } = this;
    if (producer === undefined) throw brokerGone();
    const topics = new Map<string, Message[]>();
    const timestamp = String(this.clock.now());
    for (const { topic, ...message } of messages) {
      let own = topics.get(topic);
      if (own === undefined) {
        own = [];
        topics.set(topic, own);
      }
      own.push({ timestamp, ...message });
    }
    let answers: Awaited<ReturnType<Producer["sendBatch"]>>;
    try {
      answers = await within(
        SEND_WITHIN_MS,
        producer.sendBatch({
          acks: -1,
          compression: CompressionTypes.GZIP,
          topicMessages: [...topics].map(([topic, own]) => ({ topic, messages: own })),
        }),
      );
    } catch (error) {
      // Known not to be taken, so the same producer goes on with less at once.
      if ((error as { type?: string }).type === "MESSAGE_TOO_LARGE" && messages.length > 1) {
        const half = messages.length >> 1;
        const first = await this.produce(messages.slice(0, half));
        const second = await this.produce(messages.slice(half));
        return {
          offsets: [...first.offsets, ...second.offsets],
          append_time: Math.min(first.append_time, second.append_time),
        };
      }
      this.producer = undefined;
      void producer.disconnect().catch(() => undefined);
      void this.reconnect();
      throw brokerGone(error);
    }
    let append_time = Number.POSITIVE_INFINITY;
    const next = new Map<string, number>();
    for (const { topicName, partition, baseOffset, logAppendTime } of answers) {
      next.set(`${topicName}/${partition}`, Number(baseOffset));
      append_time = Math.min(append_time, Number(logAppendTime ?? -1));
    }
    const offsets = messages.map(({ topic, partition }) => {
      const place = `${topic}/${partition}`;
      const offset = next.get(place)!;
      next.set(place, offset + 1);
      return offset;
    });
    return { offsets, append_time };
  }
}

function within<R>(ms: number, work: Promise<R>): Promise<R> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer within ${ms / 1_000} s.`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

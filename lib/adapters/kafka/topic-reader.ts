import type { Kafka } from "kafkajs";
import { ForesightError } from "../../domain/errors.ts";
import type { LogPosition } from "../../domain/log-position.ts";
import type { EpochMs } from "../../domain/time.ts";
import { ByteReader } from "./byte-reader.ts";
import { type Cluster, createCluster, fetchRaw, sendRaw } from "./internals.ts";
import { decodeBatches, type PartitionRecords } from "./record-batch.ts";

export type Offsets = Record<number, number>;

/** What a fetch says of one partition. */
export interface Fetched extends PartitionRecords {
  partition: number;
  /** Offset behind the last record that is safe to read. */
  head: number;
  earliest: number;
}

/** An error number of Kafka's protocol. */
export class KafkaError extends Error {
  constructor(
    readonly error_code: number,
    topic: string,
    partition: number,
  ) {
    super(`Kafka answered error ${error_code} for partition ${partition} of ${topic}.`);
  }
}
export const OFFSET_OUT_OF_RANGE = 1;

const MOST_BYTES = 4 * 1024 * 1024;
const MOST_PARTITION_BYTES = 1024 * 1024;
const METADATA = { apiKey: 3, apiVersion: 12, apiName: "Metadata" };

/**
 * One topic as it is on the brokers, read at any position and without a group. Every call may fail as the connection
 * does; the next one connects anew.
 */
export class TopicReader {
  private cluster: Cluster | undefined;
  private connecting: Promise<Cluster> | undefined;
  private known_id: string | undefined;

  constructor(
    private readonly kafka: Kafka,
    readonly topic: string,
  ) {}

  private connected(): Promise<Cluster> {
    if (this.cluster !== undefined) return Promise.resolve(this.cluster);
    this.connecting ??= (async () => {
      const cluster = createCluster(this.kafka);
      try {
        await cluster.connect();
        await cluster.addTargetTopic(this.topic);
        const id = await topicId(cluster, this.topic);
        if (this.known_id !== undefined && this.known_id !== id)
          throw new ForesightError(
            "unavailable",
            `The topic ${this.topic} was deleted and created anew: what was read of it is of another log. Start again.`,
            { retry_after_s: 30 },
          );
        this.known_id = id;
        this.cluster = cluster;
        return cluster;
      } catch (error) {
        await cluster.disconnect().catch(() => undefined);
        throw error;
      } finally {
        this.connecting = undefined;
      }
    })();
    return this.connecting;
  }

  /** Ends what hangs and forgets what may be outdated. */
  async disconnect(): Promise<void> {
    const { cluster } = this;
    this.cluster = undefined;
    await cluster?.disconnect().catch(() => undefined);
  }

  /** Does something on the connection; where it fails, the next attempt begins with a new one. */
  private async on<R>(work: (cluster: Cluster) => Promise<R>): Promise<R> {
    const cluster = await this.connected();
    try {
      await cluster.refreshMetadataIfNecessary();
      return await work(cluster);
    } catch (error) {
      if (this.cluster === cluster) await this.disconnect();
      throw error;
    }
  }

  /** The topic's own id: another one where it was deleted and created anew. */
  async id(): Promise<string> {
    if (this.known_id === undefined) await this.on(async () => undefined);
    return this.known_id!;
  }

  partitions(): Promise<number[]> {
    return this.on(async (cluster) => partitionsOf(cluster, this.topic));
  }

  /** Partitions by the node that leads them. */
  leaders(): Promise<Map<number, number[]>> {
    return this.on(async (cluster) => {
      const leaders = new Map<number, number[]>();
      for (const { partitionId, leader } of cluster.findTopicPartitionMetadata(this.topic))
        leaders.set(leader, [...(leaders.get(leader) ?? []), partitionId]);
      return leaders;
    });
  }

  private offsets(of: { fromBeginning: boolean } | { fromTimestamp: number }): Promise<Offsets> {
    return this.on(async (cluster) => {
      const partitions = partitionsOf(cluster, this.topic).map((partition) => ({ partition }));
      const [answer] = await cluster.fetchTopicsOffset([{ topic: this.topic, partitions, ...of }]);
      const next: Offsets = {};
      for (const { partition, offset } of answer?.partitions ?? []) next[partition] = Number(offset);
      if (Object.keys(next).length < partitions.length)
        throw new Error(`Not every partition of ${this.topic} has a leader.`);
      return next;
    });
  }

  async head(): Promise<LogPosition> {
    return { next: await this.offsets({ fromBeginning: false }), log_id: await this.id() };
  }

  async earliest(): Promise<LogPosition> {
    return { next: await this.offsets({ fromBeginning: true }), log_id: await this.id() };
  }

  /** Per partition the first record of that time or later, the head where there is none. */
  async since(at: EpochMs): Promise<LogPosition> {
    const head = await this.head();
    const found = await this.offsets({ fromTimestamp: Math.max(0, at) });
    for (const [partition, offset] of Object.entries(found))
      if (offset >= 0) head.next[Number(partition)] = offset;
    return head;
  }

  /** Waits at most `wait_ms` for something to be there. @throws KafkaError */
  fetch(
    leader: number,
    from: Offsets,
    { wait_ms, most_bytes = MOST_BYTES }: { wait_ms: number; most_bytes?: number },
  ): Promise<Fetched[]> {
    return this.on(async (cluster) => {
      const raw = await fetchRaw(cluster, leader, {
        maxWaitTime: wait_ms,
        minBytes: 1,
        maxBytes: most_bytes,
        topics: [
          {
            topic: this.topic,
            partitions: Object.entries(from).map(([partition, offset]) => ({
              partition: Number(partition),
              fetchOffset: String(offset),
              maxBytes: Math.min(MOST_PARTITION_BYTES, most_bytes),
            })),
          },
        ],
      });
      return decodeFetch(new ByteReader(raw), this.topic, from);
    });
  }
}

const partitionsOf = (cluster: Cluster, topic: string): number[] =>
  cluster
    .findTopicPartitionMetadata(topic)
    .map(({ partitionId }) => partitionId)
    .sort((a, b) => a - b);

/** Fetch Response (Version: 11) of Kafka's protocol. */
async function decodeFetch(reader: ByteReader, topic: string, from: Offsets): Promise<Fetched[]> {
  reader.int32();
  const error_code = reader.int16();
  if (error_code !== 0) throw new KafkaError(error_code, topic, -1);
  reader.int32();
  const fetched: Fetched[] = [];
  for (let topics = reader.int32(); topics > 0; topics--) {
    reader.string();
    for (let partitions = reader.int32(); partitions > 0; partitions--) {
      const partition = reader.int32();
      const partition_error = reader.int16();
      reader.int64();
      const head = reader.int64();
      const earliest = reader.int64();
      const aborted: { producer_id: bigint; first_offset: number }[] = [];
      for (let count = reader.int32(); count > 0; count--)
        aborted.push({ producer_id: reader.bigint64(), first_offset: reader.int64() });
      reader.int32();
      const bytes = reader.bytes(Math.max(0, reader.int32()));
      if (partition_error !== 0) throw new KafkaError(partition_error, topic, partition);
      fetched.push({
        partition,
        head,
        earliest,
        ...(await decodeBatches(bytes, from[partition] ?? 0, aborted)),
      });
    }
  }
  return fetched;
}

const compactLength = (length: number): Buffer =>
  length + 1 < 128
    ? Buffer.from([length + 1])
    : Buffer.from([((length + 1) & 0x7f) | 0x80, (length + 1) >> 7]);

/** Metadata (Version: 12): kafkajs asks for an older one, which does not tell the topic's id. */
async function topicId(cluster: Cluster, topic: string): Promise<string> {
  const name = Buffer.from(topic, "utf8");
  const body = Buffer.concat([
    Buffer.from([0, 2]),
    Buffer.alloc(16),
    compactLength(name.length),
    name,
    // No tags of the topic, no creation, no authorised operations, no tags of the request.
    Buffer.from([0, 0, 0, 0]),
  ]);
  const leader = cluster.findTopicPartitionMetadata(topic)[0]?.leader;
  if (leader === undefined)
    throw new ForesightError("unavailable", `The topic ${topic} does not exist.`, { retry_after_s: 5 });
  const reader = new ByteReader(await sendRaw(cluster, leader, { ...METADATA, body }));
  reader.tags();
  reader.int32();
  for (let brokers = reader.unsignedVarint() - 1; brokers > 0; brokers--) {
    reader.int32();
    reader.compactString();
    reader.int32();
    reader.compactString();
    reader.tags();
  }
  reader.compactString();
  reader.int32();
  if (reader.unsignedVarint() < 2) throw new Error(`The broker says nothing of the topic ${topic}.`);
  const error_code = reader.int16();
  if (error_code !== 0) throw new KafkaError(error_code, topic, -1);
  reader.compactString();
  return reader.bytes(16).toString("base64url");
}

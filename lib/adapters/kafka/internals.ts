/**
 * The parts of kafkajs that it does not publish. Its consumer can read only as a member of a group: a position is lost
 * at each rebalance, one batch that cannot be decompressed ends the consumer, and a page of old records needs a group
 * of its own. A reader that holds its own positions needs the request below that: `Fetch`. kafkajs's version is pinned
 * in package.json; all of its insides that are used are named here.
 */
import { createRequire } from "node:module";
import type { Kafka } from "kafkajs";

const require = createRequire(import.meta.url);

interface Request {
  request: { apiKey: number; apiVersion: number; apiName: string; encode(): Promise<unknown> };
  response: { decode(payload: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<unknown> };
  requestTimeout?: number | null;
  logResponseError?: boolean;
}

interface Broker {
  connectionPool: { send(request: Request): Promise<unknown> };
  disconnect(): Promise<void>;
}

/** A connection to the brokers with what they say of the topics. */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number }[];
  findBroker(of: { nodeId: number }): Promise<Broker>;
  /** One timestamp for all partitions; a partition without a record since then answers −1. */
  fetchTopicsOffset(
    topics: {
      topic: string;
      partitions: { partition: number }[];
      fromBeginning?: boolean;
      fromTimestamp?: number;
    }[],
  ): Promise<{ topic: string; partitions: { partition: number; offset: string }[] }[]>;
}

export function createCluster(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === "private:Kafka:createCluster",
  );
  if (symbol === undefined) throw new Error("This version of kafkajs is not the one that is pinned.");
  const create = (kafka as unknown as Record<symbol, (options: object) => Cluster>)[symbol]!;
  return create({ metadataMaxAge: 30_000, allowAutoTopicCreation: false, isolationLevel: 1 });
}

type FetchBuilder = (options: {
  maxWaitTime: number;
  minBytes: number;
  maxBytes: number;
  topics: {
    topic: string;
    partitions: { partition: number; fetchOffset: string; maxBytes: number }[];
  }[];
}) => Request;

const fetchVersions = require("kafkajs/src/protocol/requests/fetch/index.js") as {
  protocol(of: { version: number }): FetchBuilder;
};
const buildFetch = fetchVersions.protocol({ version: 11 });
const Encoder = require("kafkajs/src/protocol/encoder.js") as new () => {
  buffer: Buffer;
  writeBuffer(buffer: Buffer): unknown;
};

/** @returns the response as it came, from the partitions on that this broker leads */
export async function fetchRaw(
  cluster: Cluster,
  leader: number,
  options: Parameters<FetchBuilder>[0],
): Promise<Buffer> {
  const broker = await cluster.findBroker({ nodeId: leader });
  const { request } = buildFetch(options);
  return (await broker.connectionPool.send({
    request,
    response: { decode: async (payload) => payload, parse: async (payload) => payload },
    requestTimeout: options.maxWaitTime + 5_000,
    logResponseError: false,
  })) as Buffer;
}

/** Sends a request whose encoding kafkajs does not know. */
export async function sendRaw(
  cluster: Cluster,
  node: number,
  request: { apiKey: number; apiVersion: number; apiName: string; body: Buffer },
): Promise<Buffer> {
  const { body, ...named } = request;
  const broker = await cluster.findBroker({ nodeId: node });
  return (await broker.connectionPool.send({
    request: {
      ...named,
      encode: async () => {
        const encoder = new Encoder();
        encoder.writeBuffer(body);
        return encoder;
      },
    },
    response: { decode: async (payload) => payload, parse: async (payload) => payload },
    logResponseError: false,
  })) as Buffer;
}

import { ByteReader } from "./byte-reader.ts";
import { decompress } from "./codecs.ts";

const NO_HEADERS: Readonly<Record<string, Buffer | null>> = Object.freeze({});

/** One record as it is in the log. Key and value are cut out of their batch when they are asked for. */
export class KafkaRecord {
  constructor(
    readonly offset: number,
    /** The broker's clock where the topic says `LogAppendTime`, else the producer's; epoch ms. */
    readonly timestamp: number,
    private readonly batch: Buffer,
    private readonly key_at: number,
    private readonly key_length: number,
    private readonly value_at: number,
    private readonly value_length: number,
    readonly headers: Readonly<Record<string, Buffer | null>> = NO_HEADERS,
  ) {}

  /** A record outside any batch. */
  static of(offset: number, timestamp: number, key: Buffer | null, value: Buffer | null): KafkaRecord {
    const batch = Buffer.concat([key ?? Buffer.alloc(0), value ?? Buffer.alloc(0)]);
    const key_length = key?.length ?? -1;
    const value_at = Math.max(0, key_length);
    return new KafkaRecord(offset, timestamp, batch, 0, key_length, value_at, value?.length ?? -1);
  }

  get key(): Buffer | null {
    if (this.key_length < 0) return null;
    return this.batch.subarray(this.key_at, this.key_at + this.key_length);
  }

  get value(): Buffer | null {
    if (this.value_length < 0) return null;
    return this.batch.subarray(this.value_at, this.value_at + this.value_length);
  }

  /** Bytes of the value, −1 where it is null. */
  get size(): number {
    return this.value_length;
  }

  /** The key byte by byte, empty where there is none. */
  keyBytes(): string {
    return this.key_length < 1
      ? ""
      : this.batch.toString("latin1", this.key_at, this.key_at + this.key_length);
  }

  /** The value byte by byte. */
  valueBytes(): string {
    return this.value_length < 1
      ? ""
      : this.batch.toString("latin1", this.value_at, this.value_at + this.value_length);
  }
}

/** Records that could not be read as a whole: offsets `first_offset` to `last_offset`. */
export interface UnreadableBatch {
  first_offset: number;
  last_offset: number;
  reason: string;
}

export interface PartitionRecords {
  records: KafkaRecord[];
  unreadable: UnreadableBatch[];
  /** Offset behind everything that was there, control records as well. */
  next_offset: number;
}

/** Bytes before the batch's length counts. */
const LOG_OVERHEAD = 12;
/** Of a batch of format 2, up to its records. */
const BATCH_HEADER = 61;
/** Fewer bytes than a record can have; more records than bytes / this are a lie. */
const LEAST_RECORD = 6;

const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const APPEND_TIME = 0x08;

/**
 * Decodes what a fetch brought of a partition: batches of format 2 (Kafka ≥ 0.11; its documentation, "Record Batch"),
 * the last of which may be cut off. Records before `from` are left out, and those of aborted transactions.
 * @param aborted producer id → first offset of its aborted transactions, in order
 */
export async function decodeBatches(
  buffer: Buffer,
  from: number,
  aborted: { producer_id: bigint; first_offset: number }[] = [],
): Promise<PartitionRecords> {
  const found: PartitionRecords = { records: [], unreadable: [], next_offset: from };
  const open = [...aborted].sort((a, b) => a.first_offset - b.first_offset);
  const aborting = new Set<bigint>();
  for (let at = 0; at + LOG_OVERHEAD <= buffer.length; ) {
    const reader = new ByteReader(buffer.subarray(at));
    const base = reader.int64();
    const end = LOG_OVERHEAD + reader.int32();
    if (reader.buffer.length < Math.max(end, BATCH_HEADER)) break;
    at += end;
    reader.int32();
    const magic = reader.int8();
    reader.int32();
    const attributes = reader.int16();
    const last = base + reader.int32();
    if (magic !== 2) {
      found.unreadable.push({
        first_offset: base,
        last_offset: base,
        reason: `record format ${magic} is too old`,
      });
      found.next_offset = Math.max(found.next_offset, base + 1);
      continue;
    }
    const first_timestamp = reader.int64();
    const max_timestamp = reader.int64();
    const producer_id = reader.bigint64();
    reader.int16();
    reader.int32();
    const count = reader.int32();
    if (last < from) continue;
    found.next_offset = Math.max(found.next_offset, last + 1);
    if ((attributes & CONTROL) !== 0) {
      aborting.delete(producer_id);
      continue;
    }
    if ((attributes & TRANSACTIONAL) !== 0) {
      while (open.length > 0 && open[0]!.first_offset <= base) aborting.add(open.shift()!.producer_id);
      if (aborting.has(producer_id)) continue;
    }
    try {
      const body = await decompress(attributes & 0x07, reader.buffer.subarray(BATCH_HEADER, end));
      if (count < 0 || count * LEAST_RECORD > body.length)
        throw new RangeError(`the batch announces ${count} records in ${body.length} bytes`);
      const append_time = (attributes & APPEND_TIME) !== 0 ? max_timestamp : undefined;
      const records = decodeRecords(new ByteReader(body), count, base, first_timestamp, append_time);
      for (const record of records) if (record.offset >= from) found.records.push(record);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      found.unreadable.push({ first_offset: Math.max(from, base), last_offset: last, reason });
    }
  }
  return found;
}

function decodeRecords(
  reader: ByteReader,
  count: number,
  base: number,
  first_timestamp: number,
  append_time: number | undefined,
): KafkaRecord[] {
  const records: KafkaRecord[] = [];
  for (let i = 0; i < count; i++) {
    const end = reader.varint() + reader.offset;
    reader.int8();
    const timestamp = first_timestamp + reader.varint();
    const offset = base + reader.varint();
    const key_length = reader.varint();
    const key_at = reader.skip(key_length);
    const value_length = reader.varint();
    const value_at = reader.skip(value_length);
    let headers: Record<string, Buffer | null> | undefined;
    for (let left = reader.varint(); left > 0; left--) {
      headers ??= {};
      const name = reader.varintBytes()?.toString("utf8") ?? "";
      headers[name] = reader.varintBytes();
    }
    if (reader.offset !== end) throw new RangeError("a record does not end where it says");
    const at = append_time ?? timestamp;
    records.push(
      new KafkaRecord(offset, at, reader.buffer, key_at, key_length, value_at, value_length, headers),
    );
  }
  return records;
}

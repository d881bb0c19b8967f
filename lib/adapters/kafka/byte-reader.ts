/** Reads Kafka's primitive types (KIP-482 for the unsigned varints) from a buffer. Reading beyond its end throws. */
export class ByteReader {
  offset = 0;
  constructor(readonly buffer: Buffer) {}

  get left(): number {
    return this.buffer.length - this.offset;
  }

  int8(): number {
    const value = this.buffer.readInt8(this.offset);
    this.offset += 1;
    return value;
  }

  int16(): number {
    const value = this.buffer.readInt16BE(this.offset);
    this.offset += 2;
    return value;
  }

  int32(): number {
    const value = this.buffer.readInt32BE(this.offset);
    this.offset += 4;
    return value;
  }

  /** Offsets and times, all of them below 2^53. */
  int64(): number {
    const value = this.buffer.readInt32BE(this.offset) * 2 ** 32 + this.buffer.readUInt32BE(this.offset + 4);
    this.offset += 8;
    return value;
  }

  bigint64(): bigint {
    const value = this.buffer.readBigInt64BE(this.offset);
    this.offset += 8;
    return value;
  }

  bytes(length: number): Buffer {
    if (length < 0 || length > this.left) throw new RangeError("The bytes end before what they announce.");
    const part = this.buffer.subarray(this.offset, this.offset + length);
    this.offset += length;
    return part;
  }

  /** Passes over bytes, none where the length is −1. @returns where they begin */
  skip(length: number): number {
    const at = this.offset;
    if (length > this.left) throw new RangeError("The bytes end before what they announce.");
    if (length > 0) this.offset += length;
    return at;
  }

  string(): string {
    return this.bytes(this.int16()).toString("utf8");
  }

  unsignedVarint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      if (this.offset >= this.buffer.length || factor > 2 ** 63)
        throw new RangeError("The bytes end within a number.");
      const byte = this.buffer[this.offset++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  /** Zigzag, to 53 bits. */
  varint(): number {
    const raw = this.unsignedVarint();
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
  }

  /** Length and bytes; `null` where the length is −1. */
  varintBytes(): Buffer | null {
    const length = this.varint();
    return length === -1 ? null : this.bytes(length);
  }

  /** Length + 1 and text; `null` where that is 0. */
  compactString(): string | null {
    const length = this.unsignedVarint();
    return length === 0 ? null : this.bytes(length - 1).toString("utf8");
  }

  tags(): void {
    for (let count = this.unsignedVarint(); count > 0; count--) {
      this.unsignedVarint();
      this.bytes(this.unsignedVarint());
    }
  }
}

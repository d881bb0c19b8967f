/** Server frames of RFC 6455 out of a byte stream: unmasked, whole messages, payload lengths of all three sizes. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Calls back for each complete frame with the stretch of `bytes` that is its payload, valid during the call only. */
  push(chunk: Buffer, onFrame: (opcode: number, bytes: Buffer, from: number, to: number) => void): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at + 2 <= bytes.length) {
      const opcode = bytes[at]! & 0x0f;
      let length = bytes[at + 1]! & 0x7f;
      let head = 2;
      if (length === 126) {
        if (at + 4 > bytes.length) break;
        length = bytes.readUInt16BE(at + 2);
        head = 4;
      } else if (length === 127) {
        if (at + 10 > bytes.length) break;
        length = Number(bytes.readBigUInt64BE(at + 2));
        head = 10;
      }
      if (at + head + length > bytes.length) break;
      onFrame(opcode, bytes, at + head, at + head + length);
      at += head + length;
    }
    this.#rest = at === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at));
  }
}

/** A client's masked frame (the mask is zero: allowed, and free). */
export function clientFrame(opcode: number, payload: string | Buffer): Buffer {
  const body = Buffer.from(payload);
  const head =
    body.length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | body.length])
      : Buffer.from([0x80 | opcode, 0x80 | 126, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([head, Buffer.alloc(4), body]);
}

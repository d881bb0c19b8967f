import type { Frames, Payload } from "../realtime/connection.ts";

const TEXT = 0x81;
const BINARY = 0x82;
const headers = new Map<number, string>();

/** Header of an unmasked, final text frame (RFC 6455 section 5.2), one character a byte. */
function textHeader(length: number): string {
  let header = headers.get(length);
  if (header === undefined) {
    header = headerOf(TEXT, length);
    if (length < 4_096) headers.set(length, header);
  }
  return header;
}

function headerOf(first: number, length: number): string {
  if (length < 126) return String.fromCharCode(first, length);
  if (length < 65_536) return String.fromCharCode(first, 126, length >> 8, length & 255);
  const bytes = [first, 127, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 9, rest = length; rest > 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return String.fromCharCode(...bytes);
}

/** How one library's messages stand in text frames. */
export interface TextForm {
  before(type: string): string;
  after: string;
  /** A text frame that announces the binary frame behind it. */
  announce?(type: string): string;
}

/**
 * Frames of many messages in one buffer. All text is ASCII, so headers and texts are joined as one string of bytes
 * and written once; that is what makes a message cost no more than a concatenation.
 */
export function frameBytes(payloads: readonly Payload[], form: TextForm): Frames {
  const parts: Buffer[] = [];
  let text = "";
  for (const payload of payloads) {
    if ("jsons" in payload) {
      const before = form.before(payload.type);
      const extra = before.length + form.after.length;
      for (const json of payload.jsons) text += textHeader(json.length + extra) + before + json + form.after;
      continue;
    }
    const { type, bytes } = payload;
    if (form.announce !== undefined) {
      const announcement = form.announce(type);
      text += textHeader(announcement.length) + announcement;
    }
    text += headerOf(BINARY, bytes.length);
    parts.push(Buffer.from(text, "latin1"), Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    text = "";
  }
  if (text !== "") parts.push(Buffer.from(text, "latin1"));
  const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  return { kind: "bytes", bytes, size: bytes.length };
}

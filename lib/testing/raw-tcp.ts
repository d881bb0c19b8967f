import { connect, type Socket } from "node:net";

/** A TCP connection that says what it is told, byte for byte. */
export interface RawTcp {
  socket: Socket;
  /** Everything that came, one character a byte. */
  received(): string;
  /** Resolves when the condition holds of what came, or the peer has closed. */
  until(condition: (received: string) => boolean): Promise<string>;
  readonly ended: Promise<string>;
}

export function openTcp(url: string, first: string): RawTcp {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = "";
  const checks = new Set<() => void>();
  const check = () => {
    for (const one of checks) one();
  };
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
    check();
  });
  socket.on("error", () => undefined);
  socket.on("close", check);
  const ended = new Promise<string>((resolve) => socket.on("close", () => resolve(received)));
  socket.write(first);
  return {
    socket,
    received: () => received,
    until: (condition) =>
      new Promise((resolve) => {
        const one = () => {
          if (!condition(received) && !socket.closed) return;
          checks.delete(one);
          resolve(received);
        };
        checks.add(one);
        one();
      }),
    ended,
  };
}

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

/** An upgrade request with the headers of RFC 6455, changed or, with `undefined`, left out as given. */
export function upgradeRequest(target: string, changed: Record<string, string | undefined> = {}): string {
  const headers: Record<string, string | undefined> = {
    Host: "127.0.0.1",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
    ...changed,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return `GET ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** A client's frame, masked with zeros; `first` is the byte with FIN, RSV and opcode. */
export function clientFrame(first: number, payload: Buffer | string, masked = true): Buffer {
  const body = Buffer.from(payload);
  const mask = masked ? 0x80 : 0;
  const head =
    body.length < 126
      ? Buffer.from([first, mask | body.length])
      : body.length < 65_536
        ? Buffer.from([first, mask | 126, body.length >> 8, body.length & 255])
        : Buffer.concat([Buffer.from([first, mask | 127, 0, 0, 0, 0]), uint32(body.length)]);
  return Buffer.concat([head, Buffer.alloc(masked ? 4 : 0), body]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The close code that a server's frames end with; `undefined` where there is no close frame. */
export function closeCodeIn(received: string): number | undefined {
  const at = received.lastIndexOf("\x88");
  return at < 0 ? undefined : (received.charCodeAt(at + 2) << 8) | received.charCodeAt(at + 3);
}

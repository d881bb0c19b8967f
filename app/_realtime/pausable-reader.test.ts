import { describe, expect, it } from "vitest";
import type { ServerMessage } from "../../lib/protocol/messages.ts";
import { MOST_HELD, PausableReader } from "./pausable-reader.ts";
import type { TransportHandlers } from "./transport.ts";

const pong = (t: number): ServerMessage => ({ type: "pong", t, timestamp: "2026-01-01T00:00:00Z" });

/** A reader on connections whose server the test plays; what was read is told. */
function reading() {
  const reader = new PausableReader();
  const read: (number | string)[] = [];
  const servers: TransportHandlers[] = [];
  let open = 0;
  const connect = reader.of((_target, handlers) => {
    servers.push(handlers);
    open++;
    return { name: "a test", send: () => undefined, close: () => open-- };
  });
  const start = () =>
    connect(
      { url: "", credentials: { cookie: true } },
      {
        opened: () => read.push("opened"),
        message: (message) => read.push((message as { t: number }).t),
        binary: (bytes) => read.push(`${bytes.length} bytes`),
        closed: (code) => read.push(`closed ${code}`),
        refused: () => read.push("refused"),
        received: () => undefined,
      },
    );
  start();
  return { reader, read, start, server: () => servers.at(-1)!, opened: () => open };
}

describe("a reader that stands still", () => {
  it("reads afterwards what came meanwhile, in its order", () => {
    const { reader, read, server } = reading();
    server().message(pong(1));
    reader.pause();
    server().message(pong(2));
    server().binary(new Uint8Array(3));
    expect(read).toEqual([1]);
    expect(reader.waiting).toBe(2);
    reader.goOn();
    server().message(pong(4));
    expect(read).toEqual([1, 2, "3 bytes", 4]);
    expect(reader.waiting).toBe(0);
  });
  it("loses its connection where too much waits, so that it resumes from where it had read", () => {
    const { reader, read, server, opened } = reading();
    reader.pause();
    for (let t = 0; t <= MOST_HELD; t++) server().message(pong(t));
    expect(read).toEqual(["closed 1006"]);
    expect(opened()).toBe(0);
    expect(reader.waiting).toBe(0);
  });
  it("forgets what is held of a connection that is gone", () => {
    const { reader, read, server, start } = reading();
    reader.pause();
    server().message(pong(1));
    start();
    server().message(pong(2));
    reader.goOn();
    expect(read).toEqual([2]);
  });
});

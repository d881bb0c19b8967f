import { MessageChannel, Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { ForesightError } from "../../domain/errors.ts";
import { connect, expose, spawnWorker, transfer } from "./worker-rpc.ts";

type Echo = {
  add(a: number, b: number): number;
  refuse(): never;
  fail(): never;
  reverse(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
};

/** Both sides in this thread: a port behaves as a worker does, but for its end. */
function pair(event?: (event: unknown) => void) {
  const { port1, port2 } = new MessageChannel();
  const emit = expose(port2, {
    add: (a: number, b: number) => a + b,
    refuse: () => {
      throw new ForesightError("storage_full", "The disk is full.", {
        retry_after_s: 30,
        cause: new Error("inner"),
      });
    },
    fail: () => {
      throw new TypeError("A defect.");
    },
    reverse: async (bytes: Uint8Array<ArrayBuffer>) => {
      const reversed = bytes.slice().reverse();
      return transfer(reversed, [reversed.buffer]);
    },
  });
  const { remote } = connect<Echo>(port1 as unknown as Worker, { ...(event && { event }) });
  return { remote, emit, close: () => port1.close() };
}

describe("calls between threads", () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  it("answer each call with its own result", async () => {
    const { remote, close } = pair();
    ends.push(close);
    expect(await Promise.all([remote.add(1, 2), remote.add(3, 4)])).toEqual([3, 7]);
  });

  it("carry an error with its code, and a defect with its message", async () => {
    const { remote, close } = pair();
    ends.push(close);
    const refused = await remote.refuse().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ForesightError);
    expect(refused).toMatchObject({
      code: "storage_full",
      message: "The disk is full.",
      options: { retry_after_s: 30 },
    });
    await expect(remote.fail()).rejects.toThrow("A defect.");
  });

  it("move bytes instead of copying them", async () => {
    const { remote, close } = pair();
    ends.push(close);
    const bytes = Uint8Array.of(1, 2, 3);
    expect(await remote.reverse(transfer(bytes, [bytes.buffer]))).toEqual(Uint8Array.of(3, 2, 1));
    expect(bytes.byteLength).toBe(0);
  });

  it("bring events", async () => {
    const event = await new Promise((resolve) => {
      const { emit, close } = pair(resolve);
      ends.push(close);
      emit({ changed: true });
    });
    expect(event).toEqual({ changed: true });
  });

  it("are rejected when the thread dies, those under way and those after, and its end is told once", async () => {
    const worker = new Worker(
      "const { parentPort } = require('node:worker_threads'); parentPort.once('message', () => { throw new Error('died'); });",
      { eval: true },
    );
    const reasons: Error[] = [];
    let connection = {} as ReturnType<typeof connect<Echo>>;
    const told = new Promise<void>((resolve) => {
      connection = connect<Echo>(worker, {
        exited(reason) {
          reasons.push(reason);
          resolve();
        },
      });
    });
    await expect(connection.remote.add(1, 2)).rejects.toMatchObject({ code: "unavailable" });
    await told;
    await expect(connection.remote.add(1, 2)).rejects.toMatchObject({ code: "unavailable" });
    await connection.terminate();
    expect(reasons.map(({ message }) => message)).toEqual(["died"]);
  });

  it("find no worker by a wrong name", () => {
    expect(() => spawnWorker("no-such-worker", {})).toThrow('There is no worker "no-such-worker".');
  });
});

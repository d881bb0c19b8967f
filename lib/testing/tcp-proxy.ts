import { connect, createServer, type Socket } from "node:net";

/** How the proxy treats what passes through it. */
export type Fault =
  | { kind: "none" }
  /** Closes every connection at once and accepts none: a process that is gone. */
  | { kind: "cut" }
  /** Keeps connections open and takes new ones, and lets nothing through: a network that swallows. */
  | { kind: "black_hole" }
  /**
   * Lets nothing more through the connections that are open now, ever, without closing them; new ones pass: a router
   * that has forgotten them.
   */
  | { kind: "strand" }
  /** Lets everything through so many ms later, in order. */
  | { kind: "delay"; ms: number }
  /**
   * Gives each chunk that the client sends to `answer`; bytes that it returns go back to the client in the server's
   * place, `undefined` lets the chunk through.
   */
  | { kind: "script"; answer(chunk: Buffer, connection: number): Buffer | undefined };

export interface TcpProxy {
  readonly port: number;
  /** From now on; what a black hole held back is let through when the fault ends, as TCP would. */
  set(fault: Fault): void;
  /** Connections that are open now. */
  readonly connections: number;
  close(): Promise<void>;
}

interface Pair {
  id: number;
  client: Socket;
  server: Socket;
}

/**
 * A TCP proxy on a loopback port of the system's choice, with the faults of a network between the product and one of
 * the servers that it stands on.
 */
export async function startTcpProxy(
  target: { host?: string; port: number },
  listen: { port?: number } = {},
): Promise<TcpProxy> {
  let fault: Fault = { kind: "none" };
  let count = 0;
  const pairs = new Set<Pair>();
  const timers = new Set<NodeJS.Timeout>();
  /** Sockets that are not read, whatever their peer can take. */
  const held = new WeakSet<Socket>();

  const end = (pair: Pair) => {
    pairs.delete(pair);
    pair.client.destroy();
    pair.server.destroy();
  };

  function later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  }

  function forward(from: Socket, to: Socket, chunk: Buffer): void {
    const write = () => {
      if (!to.destroyed && !to.write(chunk)) {
        from.pause();
        to.once("drain", () => {
          if (!held.has(from)) from.resume();
        });
      }
    };
    if (fault.kind === "delay") later(fault.ms, write);
    else write();
  }

  const proxy = createServer((client) => {
    if (fault.kind === "cut") {
      client.destroy();
      return;
    }
    const server = connect(target.port, target.host ?? "127.0.0.1");
    const pair: Pair = { id: count++, client, server };
    pairs.add(pair);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on("error", () => end(pair));
      socket.on("close", () => end(pair));
    }
    client.on("data", (chunk) => {
      const answer = fault.kind === "script" ? fault.answer(chunk, pair.id) : undefined;
      if (answer === undefined) forward(client, server, chunk);
      else client.write(answer);
    });
    server.on("data", (chunk) => forward(server, client, chunk));
    if (fault.kind === "black_hole") hold(pair);
  });

  // A socket that is not read fills its peer's window: bytes are held back, none is lost.
  function hold({ client, server }: Pair): void {
    for (const socket of [client, server]) {
      held.add(socket);
      socket.pause();
    }
  }
  function release({ client, server }: Pair): void {
    for (const socket of [client, server]) {
      held.delete(socket);
      socket.resume();
    }
  }

  await new Promise<void>((resolve, reject) => {
    proxy.once("error", reject);
    proxy.listen(listen.port ?? 0, "127.0.0.1", resolve);
  });
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");

  return {
    port: address.port,
    set(next) {
      const before = fault;
      fault = next;
      if (next.kind === "cut") for (const pair of [...pairs]) end(pair);
      if (next.kind === "black_hole" || next.kind === "strand") for (const pair of pairs) hold(pair);
      else if (before.kind === "black_hole") for (const pair of pairs) release(pair);
    },
    get connections() {
      return pairs.size;
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      for (const pair of [...pairs]) end(pair);
      await new Promise<void>((resolve) => proxy.close(() => resolve()));
    },
  };
}

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type MessagePort, type TransferListItem, Worker } from "node:worker_threads";
import { type ErrorCode, ForesightError, isForesightError } from "../../domain/errors.ts";

/*
 * Calls between threads. comlink, the library for it, keeps neither an error's code nor a caller's promise when the
 * thread dies; both matter here.
 */

/** What a thread offers: functions by name, whose arguments and results can be cloned. */
// biome-ignore lint/suspicious/noExplicitAny: the bound of every function type
export type Methods = Record<string, (...args: any[]) => unknown>;

export type Remote<M extends Methods> = {
  [K in keyof M]: (...args: Parameters<M[K]>) => Promise<Awaited<ReturnType<M[K]>>>;
};

interface WireError {
  code?: ErrorCode;
  message: string;
  options?: Omit<ForesightError["options"], "cause">;
  stack?: string;
}
type Request = { call: number; method: string; args: unknown[] };
type Answer = { call: number; result: unknown } | { call: number; error: WireError } | { event: unknown };

const transfers = new WeakMap<object, TransferListItem[]>();

/** Marks an argument or result so that these buffers move to the other thread and are gone here. */
export function transfer<T extends object>(value: T, list: TransferListItem[]): T {
  transfers.set(value, list);
  return value;
}

function listOf(values: unknown[]): TransferListItem[] {
  return values.flatMap((value) =>
    typeof value === "object" && value !== null ? (transfers.get(value) ?? []) : [],
  );
}

function toWire(error: unknown): WireError {
  if (isForesightError(error)) {
    const { cause: _, ...options } = error.options;
    return { code: error.code, message: error.message, options };
  }
  return error instanceof Error
    ? { message: error.message, ...(error.stack !== undefined && { stack: error.stack }) }
    : { message: String(error) };
}

function fromWire({ code, message, options, stack }: WireError): Error {
  if (code !== undefined) return new ForesightError(code, message, options);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

/**
 * In the worker: answers calls until the port closes. Calls may run at the same time.
 * @returns a function that sends an event to the other side
 */
export function expose(port: MessagePort, methods: Methods): (event: unknown) => void {
  port.on("message", async ({ call, method, args }: Request) => {
    try {
      const result = await methods[method]!(...args);
      port.postMessage({ call, result } satisfies Answer, listOf([result]));
    } catch (error) {
      port.postMessage({ call, error: toWire(error) } satisfies Answer);
    }
  });
  return (event) => port.postMessage({ event } satisfies Answer, listOf([event]));
}

export interface Connection<M extends Methods> {
  remote: Remote<M>;
  /** Ends the thread; calls under way are rejected with `unavailable`, `exited` is not called. */
  terminate(): Promise<void>;
}

/**
 * On the other side: a function for each method of the worker. When the thread ends by itself, calls under way and
 * later ones are rejected with `unavailable`, and `exited` is called once with the reason.
 */
export function connect<M extends Methods>(
  worker: Worker,
  handlers: { exited?: (reason: Error) => void; event?: (event: unknown) => void } = {},
): Connection<M> {
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let next = 0;
  let gone: Error | undefined;
  let asked = false;

  const end = (reason: Error) => {
    if (gone !== undefined) return;
    gone = new ForesightError("unavailable", "A part of the server has stopped and is being started again.", {
      retry_after_s: 1,
      cause: reason,
    });
    for (const { reject } of pending.values()) reject(gone);
    pending.clear();
    if (!asked) handlers.exited?.(reason);
  };
  worker.on("error", end);
  worker.on("exit", (code) => end(new Error(`The thread ended with ${code}.`)));
  worker.on("message", (answer: Answer) => {
    if ("event" in answer) return handlers.event?.(answer.event);
    const waiting = pending.get(answer.call);
    if (waiting === undefined) return;
    pending.delete(answer.call);
    if ("error" in answer) waiting.reject(fromWire(answer.error));
    else waiting.resolve(answer.result);
  });

  const call = (method: string, args: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      if (gone !== undefined) return reject(gone);
      const call = next++;
      pending.set(call, { resolve, reject });
      try {
        worker.postMessage({ call, method, args } satisfies Request, listOf(args));
      } catch (error) {
        pending.delete(call);
        reject(error as Error);
      }
    });
  const remote = new Proxy({} as Remote<M>, {
    // `then` must not be there, or awaiting the object would call it.
    get: (_, method) =>
      typeof method === "string" && method !== "then"
        ? (...args: unknown[]) => call(method, args)
        : undefined,
  });
  return {
    remote,
    async terminate() {
      asked = true;
      await worker.terminate();
    },
  };
}

/** Where the entries of workers lie in the source tree, seen from here. In the bundle all are siblings. */
const SOURCE_FOLDERS = ["./", "../../runtime/"];

/**
 * Starts a worker thread by the name of its entry (`log-worker`, `store-worker`, `processor-worker`), from the
 * TypeScript source or from the bundle, whichever this module itself runs from.
 * @throws Error where there is no such entry
 */
export function spawnWorker(name: string, workerData: unknown): Worker {
  const here = import.meta.url;
  if (!here.endsWith(".ts")) return new Worker(new URL(`./${name}.js`, here), { workerData, name });
  for (const folder of SOURCE_FOLDERS) {
    const entry = new URL(`${folder}${name}.ts`, here);
    if (!existsSync(fileURLToPath(entry))) continue;
    const loader = new URL("./worker-from-source.mjs", here);
    return new Worker(loader, { workerData, name, argv: [entry.href], execArgv: [] });
  }
  throw new Error(`There is no worker "${name}".`);
}

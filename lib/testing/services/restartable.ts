import { removeFolder, type ServerProcess } from "./server-process.ts";

/** What every server of the tests can be put through. */
export interface Restartable {
  readonly pid: number | undefined;
  /** SIGKILL; what was on disk stays for `restart`. */
  kill(): Promise<void>;
  /** SIGTERM: what is held in memory is written. */
  terminate(): Promise<void>;
  /** Starts it again on the same port and data; resolves when it answers. */
  restart(): Promise<void>;
  /** SIGSTOP and SIGCONT: a server that holds its connections and says nothing. */
  pause(): void;
  resume(): void;
  /** Nothing is left of it. */
  stop(): Promise<void>;
}

/** Starts a server by `begin`, and again by each `restart`; its folder goes with it, also where it never started. */
export async function startRestartable(
  folder: string,
  begin: () => Promise<ServerProcess>,
): Promise<Restartable> {
  let server: ServerProcess;
  try {
    server = await begin();
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
  return {
    get pid() {
      return server.pid;
    },
    kill: () => server.end("SIGKILL"),
    terminate: () => server.end("SIGTERM"),
    restart: async () => {
      server = await begin();
    },
    pause: () => server.signal("SIGSTOP"),
    resume: () => server.signal("SIGCONT"),
    stop: async () => {
      await server.end("SIGKILL");
      await removeFolder(folder);
    },
  };
}

import { type ChildProcess, spawn } from "node:child_process";

/** Reads what to end from its input; when the input closes, however that came about, ends and removes it. */
const SCRIPT = `
trap '' INT TERM HUP
pids=""
set --
while read -r what arg; do
  case $what in
    watch) pids="$pids $arg" ;;
    forget) kept=""; for p in $pids; do [ "$p" = "$arg" ] || kept="$kept $p"; done; pids=$kept ;;
    folder) set -- "$@" "$arg" ;;
  esac
done
for p in $pids; do kill -KILL "$p" 2>/dev/null; done
for f in "$@"; do rm -rf "$f"; sleep 0.2; rm -rf "$f"; done
`;

let shell: ChildProcess | undefined;

/** A shell of its own session that outlives this process, be it killed by -9, for as long as it takes to clean up. */
function tell(line: string): void {
  if (shell === undefined) {
    shell = spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"], detached: true });
    shell.unref();
    const input = shell.stdin as NonNullable<ChildProcess["stdin"]> & { unref?: () => void };
    input.unref?.();
  }
  shell.stdin?.write(`${line}\n`);
}

/** Ends with this process, whichever way this process ends. */
export const guard = {
  watch: (pid: number): void => tell(`watch ${pid}`),
  forget: (pid: number): void => tell(`forget ${pid}`),
  folder: (path: string): void => tell(`folder ${path}`),
};

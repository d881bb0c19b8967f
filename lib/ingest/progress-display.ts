import { Presets, SingleBar } from "cli-progress";
import type { CommandIo } from "./command-io.ts";

/** Shows how far a long command is: a bar on a terminal, a plain line every few seconds otherwise. */
export interface ProgressDisplay {
  /** `share` 0 to 1; `note` is shown behind it. */
  update(share: number, note: string): void;
  /** A line of its own, above the bar. */
  say(line: string): void;
  stop(): void;
}

const PLAIN_EVERY_MS = 2_000;

export function createProgressDisplay(
  io: Pick<CommandIo, "stderr" | "clock">,
  label: string,
): ProgressDisplay {
  const say = (line: string) => {
    io.stderr.write(`${line}\n`);
  };
  if (io.stderr.isTTY !== true) {
    let told = io.clock.now();
    return {
      update(share, note) {
        const now = io.clock.now();
        if (now - told < PLAIN_EVERY_MS) return;
        told = now;
        say(`${label} ${Math.floor(share * 100)} % ${note}`);
      },
      say,
      stop() {},
    };
  }
  const bar = new SingleBar(
    {
      stream: io.stderr,
      format: `${label} {bar} {percentage} % {note}`,
      hideCursor: true,
      // Ctrl-C belongs to the command, which says how to go on.
      gracefulExit: false,
      clearOnComplete: false,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update(share, note) {
      if (!started) bar.start(1, 0, { note });
      started = true;
      bar.update(Math.min(1, share), { note });
    },
    say(line) {
      if (!started) return say(line);
      bar.stop();
      started = false;
      say(line);
    },
    stop() {
      if (started) bar.stop();
      started = false;
    },
  };
}

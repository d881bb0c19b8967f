import type { Findings } from "./support/trial.ts";

/** One fault that is tried. */
export interface Fault {
  name: string;
  /** Numbers of the faults in `docs/operations.md`'s table that it tries. */
  numbers: number[];
  title: string;
  on: "embedded" | "servers";
  /** Whether it is short enough for every check. */
  quick: boolean;
  run(options: { quick: boolean }): Promise<Findings>;
}

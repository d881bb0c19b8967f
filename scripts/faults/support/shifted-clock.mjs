/**
 * Preloaded into a server under test (`node --import`): its wall clock is wrong by as many milliseconds as the file
 * FAULT_CLOCK_FILE says, also while it runs, in every thread. Monotonic clocks and timers stay right.
 */
import { readFileSync } from "node:fs";

const file = process.env.FAULT_CLOCK_FILE;
const RealDate = Date;
const realNow = Date.now;
let offset = 0;

function look() {
  try {
    offset = Number(readFileSync(file, "utf8")) || 0;
  } catch {
    offset = 0;
  }
}

if (file !== undefined) {
  look();
  setInterval(look, 100).unref();
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, self) =>
      Reflect.construct(target, args.length === 0 ? [realNow() + offset] : args, self),
    apply: () => new RealDate(realNow() + offset).toString(),
  });
  RealDate.now = () => realNow() + offset;
}

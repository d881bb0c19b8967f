import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { foresight, launch } from "../../e2e/support/cli.ts";
import { residentBytes, startProduct, untilStored } from "../support/processes.ts";
import { type Line, number } from "../support/report.ts";

const MIB = 1024 ** 2;

/** Memory of server and ingestor while a file of five million rows streams in. */
export async function longFile(): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), "foresight-bench-"));
  const file = join(folder, "plant.csv");
  const made = await foresight([
    "convert-cmapss",
    "--generate",
    "--assets",
    "50",
    "--hours",
    "5",
    "-o",
    file,
    "--seed",
    "1",
  ]);
  if (made.code !== 0) throw new Error(made.stderr);
  const product = await startProduct();
  try {
    const started = performance.now();
    const { child, finished } = launch([
      "sensor-ingestor",
      file,
      "--json",
      "--data-dir",
      product.server.data_dir,
    ]);
    const samples: { server: number; ingestor: number }[] = [];
    const timer = setInterval(() => {
      if (child.exitCode !== null) return;
      samples.push({ server: residentBytes(product.pid) / MIB, ingestor: residentBytes(child.pid!) / MIB });
    }, 1_000);
    const { code, stdout, stderr } = await finished;
    clearInterval(timer);
    if (code !== 0) throw new Error(stderr);
    const { accepted } = JSON.parse(stdout) as { accepted: number };
    await untilStored(product, accepted);
    const rate = accepted / ((performance.now() - started) / 1_000);
    const most = (part: "server" | "ingestor", from: number, to: number) =>
      Math.max(
        ...samples
          .slice(Math.floor(samples.length * from), Math.ceil(samples.length * to))
          .map((sample) => sample[part]),
      );
    const growth = most("server", 0.75, 1) / most("server", 0.25, 0.5);
    return [
      {
        what: `A file of ${number(accepted)} rows streamed in: resident memory of server / ingestor, at most`,
        ours: `${most("server", 0, 1).toFixed(0)} / ${most("ingestor", 0, 1).toFixed(0)} MiB`,
        theirs: "–",
        ratio: "–",
        target: "flat",
        met: growth < 1.15,
        conditions: `${number(rate)} readings a second until stored; the server's most in the last quarter is ${growth.toFixed(2)} × that of the second quarter`,
      },
    ];
  } finally {
    await product.stop();
    rmSync(folder, { recursive: true });
  }
}

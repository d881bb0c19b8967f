import { fork } from "node:child_process";
import { databaseUri } from "../../lib/testing/services/mongo-server.ts";
import { startServices } from "../../lib/testing/services/services.ts";
import { steady } from "../support/load.ts";
import { Receivers, startProduct } from "../support/processes.ts";
import { type Line, number, percentile } from "../support/report.ts";

const CLIENTS = 200;
const RATE = 5_000;
const SECONDS = 15;
const READINGS = 300_000;

/** Readings a second of one way to consume a topic, in a process of its own. */
function consume(brokers: string, way: "ours" | "eachMessage", prefix: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(
      new URL("../support/kafka-consume.ts", import.meta.url),
      [brokers, way, prefix, String(READINGS)],
      { execArgv: ["--import", "tsx"] },
    );
    child.once("message", (message: { rate: number }) => resolve(message.rate));
    child.once("exit", (code) => code !== 0 && reject(new Error(`consuming by ${way} ended with ${code}`)));
  });
}

/** The log on a real broker: consuming beside kafkajs's `eachMessage`, and the way to the sockets. */
export async function kafka(): Promise<Line[]> {
  const services = await startServices();
  try {
    const { KAFKA_BROKERS, MONGODB_URI, REDIS_URL } = services.addresses;
    const prefix = "bench.";
    const ours = await consume(KAFKA_BROKERS, "ours", prefix);
    const theirs = await consume(KAFKA_BROKERS, "eachMessage", prefix);
    const product = await startProduct({
      KAFKA_BROKERS,
      MONGODB_URI: databaseUri(MONGODB_URI, "bench"),
      REDIS_URL,
    });
    let p95: number;
    let samples: number;
    try {
      const receivers = new Receivers({
        url: product.url,
        wire: "ws-binary",
        tenant: "demo",
        tokens: await product.tokens(CLIENTS),
      });
      await receivers.until((report) => report.ready === CLIENTS, 60_000);
      await steady(product, RATE, 3);
      receivers.latencies = [];
      await steady(product, RATE, SECONDS);
      p95 = percentile(receivers.latencies, 95);
      samples = receivers.latencies.length;
      receivers.stop();
    } finally {
      await product.stop();
    }
    return [
      {
        what: "Consuming a Kafka topic, readings a second",
        ours: number(ours),
        theirs: number(theirs),
        ratio: `${(ours / theirs).toFixed(1)} ×`,
        target: "≥ 4 ×",
        met: ours / theirs >= 4,
        conditions: `${READINGS.toLocaleString("en")} readings in gzip batches on a real broker on the same machine, one partition; both parse the JSON, check the reading and add it up; instead: kafkajs's eachMessage as its documentation has it`,
      },
      {
        what: `p95 from Kafka to the socket at ${RATE.toLocaleString("en")} readings/s × ${CLIENTS} clients`,
        ours: `${p95.toFixed(0)} ms`,
        theirs: "–",
        ratio: "–",
        target: "< 100 ms",
        met: p95 < 100,
        conditions: `${samples} samples of received_at, the broker's clock at the append, against the receiving process's on the same machine; binary batches; the store is a MongoDB-compatible server in memory; ${SECONDS} s`,
      },
    ];
  } finally {
    await services.stop();
  }
}

import { saturate, steady } from "../support/load.ts";
import {
  cpuSeconds,
  Receivers as ReceiverProcess,
  type Receivers,
  startNaive,
  startProduct,
  type Target,
  untilStored,
} from "../support/processes.ts";
import type { Wire } from "../support/receivers.ts";
import { type Line, number, percentile } from "../support/report.ts";

const CLIENTS = 200;
const SECONDS = 15;

async function connect(target: Target, wire: Wire): Promise<Receivers> {
  const receivers = new ReceiverProcess({
    url: target.url,
    wire,
    tenant: "demo",
    tokens: await target.tokens(CLIENTS),
  });
  await receivers.until((report) => report.ready === CLIENTS, 30_000);
  return receivers;
}

interface Saturated {
  deliveries: number;
  cpu_us: number;
}

/** Saturates a target and @returns deliveries a second and CPU microseconds of the server for each. */
async function saturated(target: Target, wire: Wire, batch: number, window: number): Promise<Saturated> {
  const receivers = await connect(target, wire);
  try {
    await saturate(target, receivers, { batch, window, seconds: 5 });
    const before = { cpu: cpuSeconds(target.pid), stored: await target.stored?.() };
    const { rate, sent } = await saturate(target, receivers, { batch, window, seconds: SECONDS });
    if (before.stored !== undefined) await untilStored(target, before.stored + sent);
    return {
      deliveries: rate * CLIENTS,
      cpu_us: ((cpuSeconds(target.pid) - before.cpu) / (sent * CLIENTS)) * 1e6,
    };
  } finally {
    receivers.stop();
  }
}

/** Deliveries a second, CPU a delivery and latency, beside the naive server. */
export async function delivery(): Promise<Line[]> {
  const naive = await startNaive();
  const base = await saturated(naive, "naive", 10, 60).finally(() => naive.stop());
  const product = await startProduct();
  const lines: Line[] = [];
  try {
    for (const [wire, what, target] of [
      ["socket.io", "Socket.IO, published form", 20],
      ["ws-message", "raw WebSocket, published form", 20],
      ["ws-batch", "raw WebSocket, JSON batch", 20],
      ["ws-binary", "raw WebSocket, binary batch", 40],
    ] as const) {
      const { deliveries } = await saturated(product, wire, 2_000, 8_000);
      lines.push({
        what: `Deliveries a second to ${CLIENTS} sockets: ${what}`,
        ours: number(deliveries),
        theirs: number(base.deliveries),
        ratio: `${(deliveries / base.deliveries).toFixed(0)} ×`,
        target: `≥ ${target} ×`,
        met: deliveries / base.deliveries >= target,
        conditions: `${CLIENTS} clients in one process that splits and counts every frame and decodes each batch wholly; posted 2,000 at a time with at most 8,000 on the way (naive: 10 and 60); login, tenancy, cursors and storing on; ${SECONDS} s`,
      });
    }
    const receivers = await connect(product, "socket.io");
    const before = cpuSeconds(product.pid);
    receivers.latencies = [];
    const sent = await steady(product, 1_000, SECONDS);
    await receivers.until((report) => report.least >= sent);
    const cpu_us = ((cpuSeconds(product.pid) - before) / (sent * CLIENTS)) * 1e6;
    const p99 = percentile(receivers.latencies, 99);
    receivers.stop();
    lines.push(
      {
        what: `CPU a delivered reading at 1,000 readings/s × ${CLIENTS} clients, published form`,
        ours: `${cpu_us.toFixed(2)} µs`,
        theirs: `${base.cpu_us.toFixed(2)} µs`,
        ratio: `1/${(base.cpu_us / cpu_us).toFixed(0)}`,
        target: "≤ 1/10",
        met: base.cpu_us / cpu_us >= 10,
        conditions: `user and system time of the whole server process, ingest and storing included, over ${SECONDS} s; naive at the highest rate it sustains, which is below 1,000 readings/s`,
      },
      {
        what: "p99 from ingest's acknowledgement to the client, there",
        ours: `${p99.toFixed(0)} ms`,
        theirs: "–",
        ratio: "–",
        target: "≤ 50 ms",
        met: p99 <= 50,
        conditions: `${receivers.latencies.length} samples of received_at against the receiving process's clock on the same machine`,
      },
    );
  } finally {
    await product.stop();
  }
  return lines;
}

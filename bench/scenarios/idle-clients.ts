import { Receivers, residentBytes, startNaive, startProduct, type Target } from "../support/processes.ts";
import type { Wire } from "../support/receivers.ts";
import type { Line } from "../support/report.ts";

const CLIENTS = 2_000;

/** Resident memory of the server for each idle client, in KiB. */
async function perClient(target: Target, wire: Wire): Promise<number> {
  const settle = () => new Promise((resolve) => setTimeout(resolve, 4_000));
  await settle();
  const tokens = await target.tokens(CLIENTS);
  const before = residentBytes(target.pid);
  const receivers = new Receivers({ url: target.url, wire, tenant: "demo", tokens, idle: true });
  try {
    await receivers.until((report) => report.ready === CLIENTS, 60_000);
    await settle();
    return (residentBytes(target.pid) - before) / CLIENTS / 1024;
  } finally {
    receivers.stop();
  }
}

/** Memory of an idle raw WebSocket client beside one of Socket.IO's own. */
export async function idleClients(): Promise<Line[]> {
  const naive = await startNaive();
  const theirs = await perClient(naive, "naive").finally(() => naive.stop());
  const product = await startProduct();
  const ours = await perClient(product, "ws-message").finally(() => product.stop());
  return [
    {
      what: "Memory an idle raw WebSocket client",
      ours: `${ours.toFixed(1)} KiB`,
      theirs: `${theirs.toFixed(1)} KiB`,
      ratio: (ours / theirs).toFixed(2),
      target: "≤ 0.5",
      met: ours / theirs <= 0.5,
      conditions: `growth of resident memory over ${CLIENTS.toLocaleString("en")} connected clients, 4 s after the last; instead: clients of a bare Socket.IO server`,
    },
  ];
}

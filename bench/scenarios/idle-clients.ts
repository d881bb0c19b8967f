import {
  collectGarbage,
  Receivers,
  residentBytes,
  startNaive,
  startProduct,
  type Target,
} from "../support/processes.ts";
import type { Wire } from "../support/receivers.ts";
import type { Line } from "../support/report.ts";

const WARM = 1_000;
const CLIENTS = 6_000;

/** Resident memory of the server for each idle client, in KiB. */
async function perClient(target: Target, wire: Wire): Promise<number> {
  const resident = async () => {
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    await collectGarbage(target.pid);
    return residentBytes(target.pid);
  };
  const connect = async (clients: number) => {
    const tokens = await target.tokens(clients);
    const receivers = new Receivers({ url: target.url, wire, tenant: "demo", tokens, idle: true });
    await receivers.until((report) => report.ready === clients, 60_000);
    return receivers;
  };
  const warm = await connect(WARM);
  const before = await resident();
  const all = await connect(CLIENTS);
  const grown = ((await resident()) - before) / CLIENTS / 1024;
  warm.stop();
  all.stop();
  return grown;
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
      conditions: `growth of resident memory by ${CLIENTS.toLocaleString("en")} clients over the first ${WARM.toLocaleString("en")}, each time after a collection of garbage; instead: clients of a bare Socket.IO server`,
    },
  ];
}

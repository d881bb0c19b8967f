import type { AlertMessage } from "../../../lib/protocol/messages.ts";
import type { RealtimeStore } from "../../_realtime/index.ts";
import { plural } from "../ui/format.ts";
import { shownUnits } from "../ui/units.ts";

/** A burst becomes one notice with its number. */
const GATHER_MS = 1_000;

/** Alerts that were raised within a second of each other, the worst first. */
export interface Notice {
  title: string;
  detail: string;
  alerts: readonly AlertMessage["data"][];
}

const RANK = { critical: 0, warning: 1, info: 2 } as const;

/** @param alerts at least one */
export function noticeOf(alerts: readonly AlertMessage["data"][]): Notice {
  const sorted = [...alerts].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  const [worst] = sorted;
  const alone = sorted.length === 1;
  return {
    alerts: sorted,
    title: alone ? worst!.title : plural(sorted.length, "new alert"),
    detail: alone
      ? `${worst!.asset_id}, ${worst!.severity}`
      : [...new Set(sorted.map(({ asset_id }) => asset_id))].slice(0, 5).join(", "),
  };
}

/** Tells of alerts as they are raised. @returns how to stop */
export function onNotices(store: RealtimeStore, tell: (notice: Notice) => void): () => void {
  let gathered: AlertMessage["data"][] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = store.subscribeMessages((message) => {
    if (message.type !== "alert_triggered") return;
    gathered.push(shownUnits().alert(message.data));
    timer ??= setTimeout(() => {
      timer = undefined;
      const some = gathered;
      gathered = [];
      tell(noticeOf(some));
    }, GATHER_MS);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

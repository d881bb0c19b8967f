"use client";
import { useEffect, useState } from "react";
import { RealtimeProvider, type RealtimeStore } from "../../_realtime/index.ts";
import { usePerson } from "../frame/principal.tsx";
import { Controls } from "./controls.tsx";
import { Counters } from "./counters.tsx";
import { Inspector } from "./inspector.tsx";
import { LogPane } from "./log-pane.tsx";
import { Strips } from "./strips.tsx";
import { useBench } from "./use-bench.ts";
import { useNotifications } from "./use-notifications.ts";

/** When the store's connection first became live. */
function useSince(store: RealtimeStore): number | null {
  const [since, setSince] = useState<number | null>(null);
  useEffect(() => {
    setSince(null);
    return store.client.on((event) => {
      if (event.type === "connection" && event.connection.state === "live")
        setSince((before) => before ?? event.connection.since);
    });
  }, [store]);
  return since;
}

/** A bench for the stream: one client apart from the dashboard's, with everything that it does in sight. */
export function RealtimeTest() {
  const { tenant_id } = usePerson();
  const bench = useBench(tenant_id);
  const notifications = useNotifications(bench.store);
  const since = useSince(bench.store);
  return (
    <RealtimeProvider store={bench.store}>
      <main className="grid flex-1 grid-cols-[18.5rem_minmax(0,1fr)_25.5rem] max-wide:grid-cols-[16rem_minmax(0,1fr)_20rem] max-pane:grid-cols-1 pane:h-[calc(100dvh-2.75rem)] pane:min-h-0 pane:flex-none pane:grid-rows-[minmax(0,1fr)]">
        <h1 className="sr-only">Realtime test</h1>
        <Controls bench={bench} tenant_id={tenant_id} notifications={notifications} />
        <div className="flex min-h-0 min-w-0 flex-col bg-surface">
          <Counters since={since} />
          <Strips log={bench.log} />
          <LogPane log={bench.log} />
        </div>
        <Inspector frames={bench.frames} settings={bench.settings} tenant_id={tenant_id} />
      </main>
    </RealtimeProvider>
  );
}

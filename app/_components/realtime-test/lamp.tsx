"use client";
import { connectionName, describeConnection, useConnection } from "../../_realtime/index.ts";
import { cn } from "../ui/cn.ts";
import { useNow } from "../ui/use-now.ts";

/** The state in one word beside its lamp, and what is going on in a sentence; the count-down is not announced. */
export function Lamp() {
  const connection = useConnection();
  // Renders once a second; the count-down itself is by the clock of now.
  const ticks = useNow();
  const { state } = connection;
  return (
    <div className="grid grid-cols-[0.75rem_minmax(0,1fr)] items-center gap-x-2.5 gap-y-0.5">
      <span
        aria-hidden="true"
        data-testid="lamp"
        data-state={state}
        className={cn(
          "size-3 rounded-full",
          state === "live" && "bg-ok",
          state === "idle" && "border-2 border-control",
          state === "connecting" && "border-2 border-dashed border-muted",
          (state === "recovering" || state === "backing_off") && "border-2 border-warning",
          (state === "offline" || state === "denied") && "rounded-none bg-critical-fill",
        )}
      />
      <span role="status" className="text-20 leading-6 font-semibold">
        {connectionName(state)}
      </span>
      <span className="col-start-2 text-12 text-muted" data-testid="connection-words">
        {ticks === 0 ? "Not connected" : describeConnection(connection, Date.now())}
      </span>
    </div>
  );
}

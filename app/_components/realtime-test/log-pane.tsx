"use client";
import { Pause, Play, Search } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { formatNumber } from "../ui/format.ts";
import { SeverityGlyph, severityColour } from "../ui/severity.tsx";
import { PaneHead } from "../ui/table.tsx";
import { clockWithMs } from "./clock-with-ms.ts";
import type { LogBook } from "./log-book.ts";

/** How many rows are in the document; the log holds more for the filter. */
const ROWS = 200;

/** What happens, newest first; it can be paused, filtered and cleared. */
export function LogPane({ log }: { log: LogBook }) {
  const { entries, readings, shown } = useSyncExternalStore(log.subscribe, log.view, log.view);
  const [paused, setPaused] = useState(false);
  const [filter, setFilter] = useState("");
  return (
    <section aria-label="Log" className="flex min-h-0 flex-1 flex-col">
      <PaneHead
        title="Log"
        note={`newest first${paused ? ", paused" : ""}; ${formatNumber(shown)} of ${formatNumber(readings)} readings written down`}
      >
        <search className="relative max-phone:hidden">
          <Search aria-hidden="true" className="absolute top-1/2 left-2 size-3 -translate-y-1/2 text-faint" />
          <input
            type="search"
            aria-label="Filter log"
            placeholder="Filter log"
            value={filter}
            onChange={(event) => {
              setFilter(event.target.value);
              log.setFilter(event.target.value);
            }}
            className="h-6 w-40 rounded-2 border border-control bg-raised pr-2 pl-6.5 text-12"
          />
        </search>
        <Button
          size="small"
          aria-pressed={paused}
          onClick={() => {
            setPaused(!paused);
            log.setPaused(!paused);
          }}
        >
          {paused ? (
            <Play aria-hidden="true" className="size-3" />
          ) : (
            <Pause aria-hidden="true" className="size-3" />
          )}
          {paused ? "Resume" : "Pause"}
        </Button>
        <Button size="small" onClick={() => log.clear()}>
          Clear
        </Button>
      </PaneHead>
      <section
        aria-label="Log entries"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
        tabIndex={0}
        data-testid="log"
        className="min-h-40 flex-1 overflow-y-auto py-1 font-mono text-[0.7188rem] leading-[1.125rem] max-pane:max-h-96"
      >
        {entries.length === 0 && (
          <p className="px-3.5 py-2 font-sans text-12 text-muted">
            {filter === "" ? "Nothing yet: press Connect." : `Nothing that contains “${filter}”.`}
          </p>
        )}
        <ol>
          {entries.slice(0, ROWS).map(({ id, at, type, text, latency_ms, severity, system }) => (
            <li
              key={id}
              className={cn(
                "grid grid-cols-[5.75rem_8rem_minmax(0,1fr)_4rem] gap-2.5 px-3.5 whitespace-nowrap max-phone:grid-cols-[5.5rem_minmax(0,1fr)_4rem] max-phone:px-3",
                system && "bg-hover",
              )}
            >
              <time className="text-faint">{clockWithMs(at)}</time>
              <span
                className={cn("ell max-phone:hidden", severity ? severityColour(severity) : "text-muted")}
              >
                {type}
              </span>
              <span className="ell" title={text}>
                {severity && (
                  <SeverityGlyph kind={severity} className="mr-1.5 inline-block size-3 align-[-2px]" />
                )}
                {text}
              </span>
              <span className="text-right text-faint">
                {latency_ms !== undefined && `+${formatNumber(Math.round(latency_ms))} ms`}
              </span>
            </li>
          ))}
        </ol>
      </section>
    </section>
  );
}

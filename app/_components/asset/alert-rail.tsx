"use client";
import Link from "next/link";
import { useEffect, useMemo, useRef } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { onFrame } from "../chart/frame-loop.ts";
import { plotBox } from "../chart/plot-box.ts";
import type { TimeAxis } from "../chart/time-axis.ts";
import { formatMoment } from "../ui/format.ts";
import { SeverityGlyph, severityWord } from "../ui/severity.tsx";

/** Flags nearer than this become one with a count. */
const NEAR_PX = 16;
const MOST_FLAGS = 60;

/** The alerts of the range as flags above the lanes, at the time of the reading that raised each. */
export function AlertRail({ alerts, axis }: { alerts: readonly WireAlert[]; axis: TimeAxis }) {
  const rail = useRef<HTMLDivElement>(null);
  const flags = useMemo(
    () =>
      [...alerts]
        .sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp))
        .slice(-MOST_FLAGS)
        .map((alert) => ({ alert, at: Date.parse(alert.timestamp) })),
    [alerts],
  );

  useEffect(() => {
    const element = rail.current;
    if (!element) return;
    let drawn = "";
    return onFrame(() => {
      const width = element.clientWidth;
      const key = `${axis.version} ${width}`;
      if (key === drawn) return;
      drawn = key;
      const { left, width: plot } = plotBox(width, true);
      const range = axis.range(plot);
      let last = Number.NEGATIVE_INFINITY;
      let lead: HTMLElement | undefined;
      let count = 1;
      const tell = () => {
        if (lead) lead.dataset.count = count > 1 ? String(count) : "";
      };
      flags.forEach(({ at }, i) => {
        const flag = element.children[i] as HTMLElement | undefined;
        if (!flag) return;
        const x = range ? left + ((at - range.from) / (range.to - range.from)) * plot : -1;
        const seen = range !== undefined && x >= left && x <= left + plot + 1;
        const merged = seen && x - last < NEAR_PX;
        flag.style.visibility = seen && !merged ? "visible" : "hidden";
        flag.style.transform = `translate(${Math.round(x)}px, -50%)`;
        if (!seen) return;
        if (merged) count++;
        else {
          tell();
          lead = flag;
          last = x;
          count = 1;
        }
      });
      tell();
    });
  }, [axis, flags]);

  return (
    <div className="lane">
      <div className="lane-label justify-center text-12 text-muted max-phone:hidden">Alerts</div>
      <div ref={rail} className="relative h-8">
        {flags.map(({ alert, at }) => (
          <Link
            key={alert.id}
            href={`/alerts?view=all&alert=${encodeURIComponent(alert.id)}`}
            title={`${severityWord(alert.severity)}: ${alert.title}, ${formatMoment(at)}`}
            className="invisible absolute top-1/2 left-0 -ml-1.5 flex items-center gap-0.5 text-10 font-semibold text-muted after:content-[attr(data-count)] max-phone:p-1"
          >
            <SeverityGlyph kind={alert.severity} label={`${severityWord(alert.severity)}: ${alert.title}`} />
          </Link>
        ))}
      </div>
    </div>
  );
}

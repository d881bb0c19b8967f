"use client";
import { type ReactNode, useSyncExternalStore } from "react";
import { type Second, useConnection, useCounters } from "../../_realtime/index.ts";
import { formatLatency } from "../fleet/latency.ts";
import { formatClock, formatDuration, formatNumber } from "../ui/format.ts";
import { useNow } from "../ui/use-now.ts";
import type { Away, LogBook } from "./log-book.ts";
import { decades, heightOf, pathOf } from "./strip-scale.ts";

const SECONDS = 120;
/** A shorter break is too narrow for its length in words. */
const NAMED_MS = 8_000;

interface Line {
  value: (second: Second) => number | null;
  colour: string;
  dash?: string;
}

/** Two minutes by the second on a log scale; where no connection was there is a hatch with its length. */
function Strip({
  words,
  lines,
  seconds,
  to,
  away,
  marks,
}: {
  words: string;
  lines: readonly Line[];
  seconds: readonly Second[];
  to: number;
  away: readonly Away[];
  marks: readonly number[];
}) {
  const from = to - SECONDS;
  const values = lines.flatMap(({ value }) => seconds.flatMap((second) => value(second) ?? []));
  const { low, high, steps } = decades(values);
  const place = (at_ms: number) => `${Math.min(100, Math.max(0, ((at_ms / 1000 - from) / SECONDS) * 100))}%`;
  const level = (step: number) => `${(1 - heightOf(step, low, high)) * 88 + 6}%`;
  return (
    <div className="grid h-[6.5rem] flex-none grid-cols-[3.25rem_minmax(0,1fr)_1rem] border-b border-line">
      <div className="relative border-r border-line-strong text-10 text-faint" aria-hidden="true">
        {steps.map((step) => (
          <span key={step} className="absolute right-1.5 -translate-y-1/2" style={{ top: level(step) }}>
            {formatNumber(step)}
          </span>
        ))}
      </div>
      <div className="relative overflow-hidden" role="img" aria-label={words}>
        {steps.map((step) => (
          <span key={step} className="absolute inset-x-0 border-t border-grid" style={{ top: level(step) }} />
        ))}
        {away.map((one) => {
          const end = one.to ?? to * 1000;
          if (end / 1000 < from) return null;
          return (
            <span
              key={one.from}
              className="hatch absolute inset-y-0 border-x border-dashed border-line-strong"
              style={{ left: place(one.from), right: `calc(100% - ${place(end)})` }}
            >
              {end - one.from >= NAMED_MS && (
                <span className="absolute bottom-1.5 left-1/2 -translate-x-1/2 bg-surface px-1 text-10 whitespace-nowrap text-muted">
                  away {formatDuration(end - one.from)}
                </span>
              )}
            </span>
          );
        })}
        {marks
          .filter((at) => at / 1000 >= from)
          .map((at, i) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: two alerts may come in one millisecond
              key={`${at} ${i}`}
              className="absolute inset-y-0 border-l border-critical opacity-50"
              style={{ left: place(at) }}
            />
          ))}
        <svg
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
          aria-hidden="true"
          className="absolute inset-x-0 top-[6%] h-[88%] w-full overflow-visible"
        >
          {lines.map(({ value, colour, dash }) => (
            <path
              key={colour}
              d={pathOf(seconds, value, { from, to, low, high })}
              fill="none"
              stroke={colour}
              strokeWidth="1.5"
              strokeDasharray={dash}
              vectorEffect="non-scaling-stroke"
              strokeLinejoin="round"
            />
          ))}
        </svg>
      </div>
      <div />
    </div>
  );
}

function Caption({ title, children, note }: { title: string; children: ReactNode; note: string }) {
  return (
    <h2 className="flex flex-none items-baseline gap-3 px-3.5 pt-2 pb-1 text-12">
      <b className="font-semibold">{title}</b>
      <span className="whitespace-nowrap">{children}</span>
      <span className="ell font-normal text-faint max-phone:hidden">{note}</span>
    </h2>
  );
}

function Dash({ colour, dash }: { colour: string; dash?: string }) {
  return (
    <svg width="18" height="6" className="mr-1 inline align-[2px]" aria-hidden="true">
      <path d="M0 3h18" stroke={colour} strokeWidth="2" strokeDasharray={dash} />
    </svg>
  );
}

export function Strips({ log }: { log: LogBook }) {
  const { history, rate, p50_ms, p99_ms } = useCounters();
  const { clock } = useConnection();
  const { away, alerts } = useSyncExternalStore(log.subscribe, log.journey, log.journey);
  const ticks = useNow();
  const to = ticks === 0 ? 0 : Math.floor(Date.now() / 1000);
  const from = to - SECONDS;
  const seconds = history.filter(({ second }) => second >= from);
  const peak = Math.max(0, ...seconds.map(({ readings }) => readings));
  const marks = alerts.map(({ at }) => at);
  const latency = (value: number | null) => (value === null ? "–" : formatLatency(value));
  return (
    <div className="flex-none border-b border-line-strong bg-surface">
      <Caption title="Rate" note="readings a second, 1 s each, log scale">
        {formatNumber(Math.round(rate))} /s now
      </Caption>
      <Strip
        words={`Readings a second over two minutes: now ${Math.round(rate)}, at most ${peak}`}
        lines={[{ value: ({ readings }) => (readings === 0 ? null : readings), colour: "var(--trace)" }]}
        seconds={seconds}
        to={to}
        away={away}
        marks={marks}
      />
      <Caption
        title="Latency"
        note={
          clock === undefined
            ? "log to screen, log scale"
            : `log to screen, clock difference ${formatNumber(Math.round(clock.offset_ms))} ms taken out; log scale`
        }
      >
        <span className="mr-3">
          <Dash colour="var(--s1)" />
          p50 {latency(p50_ms)}
        </span>
        <span>
          <Dash colour="var(--s2)" dash="5 3" />
          p99 {latency(p99_ms)}
        </span>
      </Caption>
      <Strip
        words={`Latency over two minutes: half of the readings within ${latency(p50_ms)}, 99 of 100 within ${latency(p99_ms)}`}
        lines={[
          { value: (second) => second.p99_ms, colour: "var(--s2)", dash: "6 3" },
          { value: (second) => second.p50_ms, colour: "var(--s1)" },
        ]}
        seconds={seconds}
        to={to}
        away={away}
        marks={marks}
      />
      <div className="relative mr-4 ml-[3.25rem] h-6 text-11 text-muted" aria-hidden="true">
        {to > 0 &&
          [30, 60, 90].map((back) => (
            <span
              key={back}
              className="absolute top-1 -translate-x-1/2"
              style={{ left: `${((SECONDS - back) / SECONDS) * 100}%` }}
            >
              {formatClock((to - back) * 1000, true)}
            </span>
          ))}
      </div>
    </div>
  );
}

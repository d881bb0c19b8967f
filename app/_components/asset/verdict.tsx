"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import type { WireAlert, WireHealth } from "../../../lib/protocol/messages.ts";
import { canAct, useAlertActions } from "../alerts/alert-actions.ts";
import { useMay } from "../frame/principal.tsx";
import { Age } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { intervalInWords, type Life, lifeFigure, lifeOf, scaleEnd } from "../ui/life.ts";
import { LifePlot } from "../ui/life-plot.tsx";
import { RISK_WORDS_TO_DO, type Risk, RiskTag } from "../ui/risk.tsx";
import { SeverityTag } from "../ui/severity.tsx";
import { EVIDENCE_OF_HEALTH, EVIDENCE_OF_LIFE, Evidence } from "./evidence.tsx";
import { HealthRing } from "./health-ring.tsx";

function Part({
  title,
  note,
  children,
  className,
}: {
  title: string;
  note?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section
      className={cn(
        "min-w-0 border-r border-line px-4 py-3 last:border-r-0 max-pane:border-b max-phone:px-3",
        className,
      )}
    >
      <h2 className="mb-2 flex justify-between gap-2 text-12 font-medium text-muted">
        {title} {note && <span className="font-normal text-faint">{note}</span>}
      </h2>
      {children}
    </section>
  );
}

/** Health, why, and what to do: the answer before the evidence. */
export function Verdict({
  asset_id,
  risk,
  health,
  alerts,
}: {
  asset_id: string;
  risk: Risk;
  health: WireHealth | undefined;
  alerts: readonly WireAlert[];
}) {
  const life = lifeOf(health);
  return (
    <div
      className={cn(
        "grid flex-none border-b border-line-strong bg-surface max-pane:grid-cols-2 max-phone:grid-cols-1",
        life === undefined
          ? "grid-cols-[15.25rem_minmax(0,1fr)_20rem]"
          : "grid-cols-[15.25rem_16.75rem_minmax(0,1fr)_20rem]",
      )}
    >
      <Part title="Health" note={health && <Age at={Date.parse(health.received_at)} suffix=" ago" />}>
        <div className="flex items-center gap-3.5">
          <HealthRing score={health?.score ?? null} risk={risk} />
          <div className="grid min-w-0 gap-1.5">
            <RiskTag risk={risk} />
            <span className="text-12 text-muted">
              {health?.score === null
                ? (health.reason ?? "withheld")
                : risk === "unknown"
                  ? health === undefined
                    ? "not judged yet"
                    : "nothing comes any more; health is that of then"
                  : RISK_WORDS_TO_DO[risk]}
            </span>
          </div>
        </div>
      </Part>
      {life !== undefined && (
        <Part title="Remaining life" note={life.kind === "known" ? "80 % interval" : undefined}>
          <RemainingLife life={life} risk={risk} />
        </Part>
      )}
      <Part title="Why" note={life?.kind === "known" ? EVIDENCE_OF_LIFE : EVIDENCE_OF_HEALTH}>
        <Evidence asset_id={asset_id} health={health} />
      </Part>
      <NextAction alerts={alerts} />
    </div>
  );
}

function RemainingLife({ life, risk }: { life: Life; risk: Risk }) {
  if (life.kind === "withheld")
    return (
      <p className="text-muted">
        <b className="font-semibold text-text">Withheld</b>: {life.reason}.
      </p>
    );
  return (
    <>
      <p>
        <span className="text-24 font-semibold">{lifeFigure(life)}</span>{" "}
        <span className="text-muted">
          {life.unit}, {intervalInWords(life)}
        </span>
      </p>
      {life.caution !== undefined && <p className="text-12 text-muted">{life.caution}</p>}
      <LifePlot life={life} risk={risk} className="mt-2 h-4" />
      <p className="flex justify-between text-11 text-faint" aria-hidden="true">
        <span>0</span>
        <span>{scaleEnd(life)}</span>
      </p>
    </>
  );
}

function NextAction({ alerts }: { alerts: readonly WireAlert[] }) {
  const mayOperate = useMay("operate");
  const { act, busy } = useAlertActions();
  const open = alerts.filter(({ state }) => state === "open" || state === "acknowledged");
  const waiting = open.filter((alert) => alert.state === "open" && canAct("acknowledge", alert));
  const [worst] = open;
  return (
    <Part
      title="Open alerts"
      note={open.length > 0 ? `${waiting.length} not acknowledged` : undefined}
      className="max-pane:col-span-2 max-phone:col-span-1"
    >
      {worst === undefined ? (
        <p className="text-muted">None. The rules watch every reading.</p>
      ) : (
        <>
          <p className="flex min-w-0 items-baseline gap-2">
            <SeverityTag kind={worst.severity} />
            <Link
              href={`/alerts?alert=${encodeURIComponent(worst.id)}`}
              className="min-w-0 font-medium [overflow-wrap:anywhere] hover:underline"
            >
              {worst.title}
            </Link>
          </p>
          {open.length > 1 && <p className="mt-0.5 text-12 text-muted">and {open.length - 1} more</p>}
          {waiting.length > 0 && (
            <div className="mt-2.5 flex flex-wrap items-center gap-2">
              <Button
                look="primary"
                disabled={!mayOperate || busy.size > 0}
                onClick={() => void act("acknowledge", waiting)}
              >
                Acknowledge {waiting.length === 1 ? "it" : `${waiting.length} alerts`}
              </Button>
              {!mayOperate && <span className="text-12 text-muted">Operators and admins can.</span>}
            </div>
          )}
        </>
      )}
    </Part>
  );
}

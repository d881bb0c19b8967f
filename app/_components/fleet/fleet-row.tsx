// biome-ignore-all lint/a11y/useSemanticElements: rows are virtual and of unequal shape on a phone, which table elements are not
// biome-ignore-all lint/a11y/useFocusableInteractive: the row's link is its name
"use client";
import { ChartLine } from "lucide-react";
import Link from "next/link";
import { memo } from "react";
import { Age } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { intervalInWords, LIFE_SYMBOLS, lifeFigure, lifeInWords } from "../ui/life.ts";
import { LifePlot } from "../ui/life-plot.tsx";
import { HealthBar, RiskTag } from "../ui/risk.tsx";
import { AlertCounts } from "./alert-counts.tsx";
import { LatestValue } from "./latest-values.tsx";
import { inWords, sensorName } from "./names.ts";
import type { FleetRow } from "./rows.ts";
import { Sparkline } from "./sparkline.tsx";
import { thresholdIn, WhyDetail, WhySentence } from "./why.tsx";

function LifeCell({ life, risk }: { life: FleetRow["life"]; risk: FleetRow["risk"] }) {
  if (life === undefined) return null;
  if (life.kind === "withheld")
    return (
      <span className="ell block text-12 text-muted" title={life.reason}>
        {life.reason}
      </span>
    );
  return (
    <span
      className={cn(
        "grid items-center gap-2 max-phone:block",
        life.unit === "cycles" ? "grid-cols-[4.25rem_minmax(0,1fr)]" : "grid-cols-[5.75rem_minmax(0,1fr)]",
      )}
      title={lifeInWords(life)}
    >
      <span className="whitespace-nowrap">
        <span className="sr-only">Remaining life </span>
        <b className="font-semibold">{lifeFigure(life)}</b>{" "}
        <span className="text-11 text-muted">
          <span className="max-phone:hidden">{LIFE_SYMBOLS[life.unit]} </span>
          {life.rul < life.most && intervalInWords(life)}
        </span>
        <span className="hidden text-11 text-muted max-phone:inline"> {life.unit} left</span>
      </span>
      <LifePlot life={life} risk={risk} className="max-phone:hidden" />
    </span>
  );
}

/** How many further sensors a row has room for. */
const FURTHER = 2;

export const assetHref = (asset_id: string) => `/assets/${encodeURIComponent(asset_id)}`;

/** One asset: which, why, how sure, since when, from left to right. Values tick by themselves. */
export const FleetTableRow = memo(function FleetTableRow({
  row,
  units,
  lives,
  watched,
  onWatch,
}: {
  row: FleetRow;
  /** Whether there is a column of remaining life. */
  lives: boolean;
  units: ReadonlyMap<string, string>;
  watched: boolean;
  onWatch: (asset_id: string, sensor_id: string) => void;
}) {
  const { asset_id, why } = row;
  const worst = ("sensor_id" in why ? why.sensor_id : undefined) ?? row.sensors[0];
  const said = why.kind === "alert" || why.kind === "evidence" || why.kind === "life" ? worst : undefined;
  const further = row.sensors.filter((id) => id !== said).slice(0, FURTHER);
  return (
    <div
      role="row"
      tabIndex={-1}
      data-risk={row.risk}
      data-watched={watched}
      className={cn("fr", row.risk === "unknown" && "row-unknown")}
    >
      <div role="cell" className="fr-risk">
        <RiskTag risk={row.risk} />
      </div>
      <div role="cell" className="fr-asset min-w-0">
        <Link href={assetHref(asset_id)} className="fr-name row-link">
          {asset_id}
        </Link>
        <span className="fr-second ell text-11 text-muted">{inWords(row.asset_type)}</span>
      </div>
      <div
        role="cell"
        className="fr-health grid grid-cols-[2rem_minmax(0,1fr)] items-center gap-2 max-phone:block"
      >
        <span className="fr-score">{row.score === null ? "–" : Math.round(row.score)}</span>
        <HealthBar score={row.score} risk={row.risk} />
      </div>
      {lives && (
        <div role="cell" className="fr-life min-w-0">
          <LifeCell life={row.life} risk={row.risk} />
        </div>
      )}
      <div
        role="cell"
        className="fr-why-cell grid min-w-0 grid-cols-[3.75rem_minmax(0,1fr)] items-center gap-2.5 max-wide:grid-cols-1"
      >
        <div className="fr-spark-cell">
          <div className="fr-spark">
            {worst !== undefined && (
              <Sparkline
                asset_id={asset_id}
                sensor_id={worst}
                {...(why.kind === "alert" && {
                  threshold: thresholdIn(why, units.get(worst)),
                  severity: why.severity,
                })}
              />
            )}
          </div>
        </div>
        <div className="min-w-0 leading-4">
          <span className="fr-why ell block">
            <WhySentence row={row} unit={worst === undefined ? undefined : units.get(worst)} />
          </span>
          <span className="fr-second ell text-12 text-muted">
            <WhyDetail row={row} />
          </span>
        </div>
      </div>
      <div
        role="cell"
        className="fr-latest flex min-w-0 flex-wrap gap-x-3 overflow-hidden max-phone:overflow-visible"
      >
        {further.map((sensor_id, i) => (
          <span key={sensor_id} className={cn("min-w-0", i > 0 && "max-wide:hidden")}>
            <LatestValue
              asset_id={asset_id}
              sensor_id={sensor_id}
              unit={units.get(sensor_id) ?? ""}
              asset_received_at={row.received_at}
            />
          </span>
        ))}
      </div>
      <div role="cell" className="fr-alerts">
        <AlertCounts counts={row.alerts} />
      </div>
      <div role="cell" className="fr-age text-right text-12">
        <Age at={row.received_at} />
      </div>
      <div role="cell" className="fr-watch">
        {worst !== undefined && (
          <Button
            look="ghost"
            size="small"
            icon
            aria-pressed={watched}
            aria-label={`Watch ${sensorName(asset_id, worst)} of ${asset_id}`}
            title={`Watch ${sensorName(asset_id, worst)}`}
            className="relative z-1"
            onClick={() => onWatch(asset_id, worst)}
          >
            <ChartLine aria-hidden="true" className="size-3.5" />
          </Button>
        )}
      </div>
    </div>
  );
});

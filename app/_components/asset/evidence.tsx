"use client";
import type { WireHealth } from "../../../lib/protocol/messages.ts";
import { sensorName } from "../fleet/names.ts";
import { useLatest } from "../stream.ts";
import { cn } from "../ui/cn.ts";
import { formatNumber, formatValue, plural } from "../ui/format.ts";
import { lifeNumber, lifeParts, type ShownUnit } from "../ui/life.ts";
import { type EvidenceRow, evidenceRows } from "./evidence-rows.ts";

export const EVIDENCE_OF_HEALTH = "points of health lost, by sensor";
export const EVIDENCE_OF_LIFE = "life and points of health lost, by sensor";

const MOST_SHOWN = 4;

/** Why an asset is judged as it is: what takes most, and what the rest comes to, so that it adds up. */
export function Evidence({ asset_id, health }: { asset_id: string; health: WireHealth | undefined }) {
  if (health === undefined)
    return <p className="text-muted">Not judged yet: health appears with the first readings.</p>;
  if (health.score === null && health.rul == null)
    return <p className="text-muted">Withheld: {health.reason ?? "too little data"}.</p>;
  const parts = lifeParts(health);
  const { shown, others, others_life } = evidenceRows(parts, MOST_SHOWN);
  const { rul_as_new, rul_by_age = 0, unit } = parts;
  if (shown.length === 0)
    return (
      <p className="text-muted">Every sensor is as in the asset's own early life. Nothing to explain.</p>
    );
  const known = others_life !== undefined;
  const least = known ? (rul_as_new ?? 0) / 10 : 10;
  const most = Math.max(...shown.map(amountOf), least);
  return (
    <>
      <ul
        className={cn(
          "grid items-center gap-x-2.5 gap-y-1 text-12",
          known
            ? "grid-cols-[minmax(2.5rem,auto)_minmax(3rem,1fr)_auto_auto_minmax(0,5.5rem)] max-phone:grid-cols-[minmax(2.5rem,auto)_minmax(2.5rem,1fr)_auto_auto]"
            : "grid-cols-[minmax(2.5rem,auto)_minmax(3.75rem,1fr)_2.75rem_minmax(0,7rem)]",
        )}
      >
        {shown.map((row) => (
          <Row
            key={row.sensor_id}
            asset_id={asset_id}
            row={row}
            most={most}
            whole={known ? (rul_as_new ?? 0) : 100}
            unit={unit}
          />
        ))}
      </ul>
      {known ? (
        <p className="mt-1.5 text-12 text-muted">
          As new {lifeNumber(rul_as_new ?? 0, unit)} {unit}
          {Math.abs(rul_by_age) >= 0.5 && `, age ${signed(rul_by_age, unit)}`}
          {others > 0 && `, ${plural(others, "further sensor")} ${signed(others_life, unit)}`}
        </p>
      ) : (
        others > 0 && (
          <p className="mt-1.5 text-12 text-muted">and {plural(others, "further sensor")} with little</p>
        )
      )}
    </>
  );
}

/** What the bar is of: the life that is taken where it is known, else the points. */
function amountOf({ life, points }: EvidenceRow): number {
  return life === undefined ? points : Math.max(0, -life);
}

function signed(value: number, unit: ShownUnit): string {
  return value > 0 ? `+${lifeNumber(value, unit)}` : lifeNumber(value, unit);
}

/** @param whole what the bar's colour is a share of */
function Row({
  asset_id,
  row,
  most,
  whole,
  unit,
}: {
  asset_id: string;
  row: EvidenceRow;
  most: number;
  whole: number;
  unit: ShownUnit;
}) {
  const { sensor_id, life, points } = row;
  const latest = useLatest(asset_id, sensor_id);
  const amount = amountOf(row);
  const share = whole > 0 ? (100 * amount) / whole : 0;
  const value = formatValue(latest?.value, latest?.unit);
  return (
    <li className="contents">
      <span className="font-semibold [overflow-wrap:anywhere]">{sensorName(asset_id, sensor_id)}</span>
      <span className="block h-1.5 bg-grid" aria-hidden="true">
        <span
          className={cn(
            "block h-full",
            share >= 50
              ? "bg-band-critical"
              : share >= 30
                ? "bg-band-high"
                : share >= 10
                  ? "bg-band-medium"
                  : "bg-band-low",
          )}
          style={{ width: `${Math.min(100, (amount / most) * 100)}%` }}
        />
      </span>
      {life === undefined ? (
        <>
          <span className="text-right font-medium">{formatNumber(-points, 0)}</span>
          <span className="ell text-muted">{value}</span>
        </>
      ) : (
        <>
          <span className="text-right font-medium">
            {signed(life, unit)} <span className="font-normal text-muted">{unit}</span>
          </span>
          <span className="text-right">
            {formatNumber(-points, 0)} <span className="text-muted">points</span>
          </span>
          <span className="ell text-right text-muted max-phone:hidden">{value}</span>
        </>
      )}
    </li>
  );
}

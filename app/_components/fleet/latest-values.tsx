"use client";
import { memo } from "react";
import { useLatest } from "../stream.ts";
import { LATE_AFTER_MS } from "../ui/age.tsx";
import { formatAge, formatMoment, formatNumber, unitSymbol } from "../ui/format.ts";
import { useNow } from "../ui/use-now.ts";
import { sensorName } from "./names.ts";

/** Name, value and unit of a sensor; its age where it is late, so every value can be trusted or not. */
export const LatestValue = memo(function LatestValue({
  asset_id,
  sensor_id,
  unit,
  asset_received_at,
}: {
  asset_id: string;
  sensor_id: string;
  unit: string;
  /** When the asset's newest reading came: its age stands in the row already. */
  asset_received_at: number;
}) {
  const latest = useLatest(asset_id, sensor_id);
  const now = useNow();
  const age = latest === undefined || now === 0 ? 0 : now - latest.received_at;
  return (
    <span
      className="inline-flex min-w-0 items-baseline gap-1 whitespace-nowrap"
      title={
        latest && now > 0
          ? `${sensor_id}: ${formatMoment(latest.timestamp)}, ${formatAge(age)} old`
          : sensor_id
      }
    >
      <span className="text-11 text-muted">{sensorName(asset_id, sensor_id)}</span>
      <span className={latest && latest.quality !== "good" ? "text-stale" : undefined}>
        {formatNumber(latest?.value)}
      </span>
      <span className="text-11 text-muted">{unitSymbol(unit)}</span>
      {latest && latest.quality !== "good" && <span className="text-11 text-stale">{latest.quality}</span>}
      {age > LATE_AFTER_MS && latest && asset_received_at - latest.received_at > LATE_AFTER_MS && (
        <span className="text-11 font-medium text-stale">{formatAge(age)}</span>
      )}
    </span>
  );
});

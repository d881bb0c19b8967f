"use client";
import { memo } from "react";
import { riskLevelOf } from "../../../lib/domain/health.ts";
import { convert } from "../../../lib/domain/units.ts";
import { useLatest } from "../stream.ts";
import { When } from "../ui/age.tsx";
import { formatNumber, formatValue, plural } from "../ui/format.ts";
import { lifeAmount } from "../ui/life.ts";
import { riskWord } from "../ui/risk.tsx";
import { severityWord } from "../ui/severity.tsx";
import { sensorName } from "./names.ts";
import type { FleetRow } from "./rows.ts";

/** Sensor, value, unit, side and limit: "T50 1 425.4 °R, above critical 1 424". Never "anomaly detected". */
export const WhySentence = memo(function WhySentence({
  row,
  unit,
}: {
  row: FleetRow;
  unit: string | undefined;
}) {
  const { why, asset_id } = row;
  const sensor_id = "sensor_id" in why ? why.sensor_id : undefined;
  const latest = useLatest(asset_id, sensor_id);
  const value = latest?.value;
  switch (why.kind) {
    case "alert": {
      if (sensor_id === undefined) return <b className="font-semibold">{why.title}</b>;
      const name = sensorName(asset_id, sensor_id);
      const threshold = thresholdIn(why, unit);
      const phrase = limitPhrase(why, threshold, value);
      return (
        <>
          <b className="font-semibold">
            {name} {formatValue(value, unit)}
          </b>
          {`, ${phrase}`}
        </>
      );
    }
    case "evidence":
      return (
        <>
          {sensorName(asset_id, why.sensor_id)} takes {plural(Math.round(why.points), "point")} of health, at{" "}
          {formatValue(value, unit)}
        </>
      );
    case "life":
      return (
        <>
          {sensorName(asset_id, why.sensor_id)} takes {lifeAmount(why.taken, why.unit)} of life, at{" "}
          {formatValue(value, unit)}
        </>
      );
    case "silent":
      return (
        <>
          <b className="font-semibold">
            No data since <When at={why.since} />
          </b>
          {why.was !== null && `; health was ${Math.round(why.was)}, ${riskWord(riskLevelOf(why.was))}`}
        </>
      );
    case "reason":
      return <>{why.text}</>;
    case "fine":
      return <>All sensors within limits</>;
  }
});

/** "above critical 1 424" while it is past its limit, "was above warning 1 420" once it is back and the alert still open. */
function limitPhrase(
  why: Extract<FleetRow["why"], { kind: "alert" }>,
  threshold: number | undefined,
  value: number | undefined,
): string {
  if (why.threshold === undefined || threshold === undefined || why.metric_value === null) return why.title;
  const above = why.metric_value >= why.threshold;
  const past = value !== undefined && (above ? value > threshold : value < threshold);
  return `${past ? "" : "was "}${above ? "above" : "below"} ${severityWord(why.severity).toLowerCase()} ${formatNumber(threshold)}`;
}

/** The limit of an alert in the unit of its sensor. */
export function thresholdIn(
  why: { threshold: number | undefined; unit: string | undefined },
  unit: string | undefined,
): number | undefined {
  if (why.threshold === undefined || why.unit === undefined || unit === undefined) return why.threshold;
  return convert(why.threshold, why.unit, unit);
}

/** When, together with what, how often. */
export function WhyDetail({ row }: { row: FleetRow }) {
  const { why } = row;
  const together = row.together.map((id) => sensorName(row.asset_id, id)).join(", ");
  if (why.kind === "alert")
    return (
      <>
        Since <When at={why.raised_at} />
        {why.occurrences > 1 && `, ${why.occurrences} times`}
        {together !== "" && `, with ${together}`}
      </>
    );
  if (why.kind !== "evidence" && why.kind !== "life") return null;
  const { critical, warning, info } = row.alerts;
  const within = critical + warning + info === 0;
  if (together === "") return within ? "No limit passed" : null;
  return `With ${together}${within ? "; no limit passed" : ""}`;
}

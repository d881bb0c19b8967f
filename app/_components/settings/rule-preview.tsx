"use client";
import { useEffect, useState } from "react";
import type { Rule } from "../../../lib/domain/rule.ts";
import { canPreview } from "../../../lib/domain/rule-preview.ts";
import { request, sentenceOf } from "../api/request.ts";
import { formatDateTime, formatNumber, plural } from "../ui/format.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { useNow } from "../ui/use-now.ts";
import { zoneName } from "../ui/zone.ts";

interface Preview {
  from: string;
  to: string;
  raised: number;
  alerts: { asset_id: string; sensor_id: string; timestamp: string; title: string }[];
  sensors: number;
  raising_sensors: number;
  overruled: number;
  unconvertible: number;
  readings: number;
  complete: boolean;
}

/** Typing pauses for so long before the server is asked. */
const PAUSE_MS = 400;
const HOURS = 24;
const NAMED = 3;
/** Readings that end so long ago are history, and their time is said. */
const RECENT_MS = 3_600_000;

/** What the rule, as it stands in the form, would have raised; judged by the server over what is stored. */
export function RulePreview({ rule }: { rule: Rule | undefined }) {
  const [preview, setPreview] = useState<Preview>();
  const [error, setError] = useState<unknown>();
  const possible = rule !== undefined && canPreview(rule);
  const asked = !possible ? undefined : JSON.stringify(rule);
  useEffect(() => {
    setPreview(undefined);
    setError(undefined);
    if (asked === undefined) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      request<Preview>(`/api/rules/preview?hours=${HOURS}`, {
        method: "POST",
        body: JSON.parse(asked),
        signal: stop.signal,
      }).then(setPreview, (thrown: unknown) => !stop.signal.aborted && setError(thrown));
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asked]);

  return (
    <section
      aria-label="Preview"
      aria-live="polite"
      className="min-h-[5.25rem] rounded-2 border border-line-strong bg-surface px-3 py-2 text-12"
    >
      {asked === undefined ? (
        <p className="text-muted">
          {rule === undefined
            ? "Once it is filled in, it stands here what the rule would have raised."
            : "Scores are judged as they come: a rule of health or anomaly has no preview."}
        </p>
      ) : error !== undefined ? (
        <p className="text-muted">
          The preview could not be made: {sentenceOf(error)} The rule can be saved.
        </p>
      ) : preview === undefined ? (
        <div className="grid gap-2 py-1">
          <Skeleton className="w-3/4" />
          <Skeleton className="w-1/2" />
          <span className="sr-only">Judging the last {HOURS} h</span>
        </div>
      ) : (
        <Words preview={preview} />
      )}
    </section>
  );
}

function Words({ preview }: { preview: Preview }) {
  const now = useNow();
  const { raised, alerts, sensors, raising_sensors, overruled, unconvertible, readings, complete } = preview;
  const to = Date.parse(preview.to);
  if (sensors === 0)
    return (
      <p className="text-muted">
        {overruled > 0
          ? `It would watch no sensor: for ${plural(overruled, "sensor")} that match a more specific rule of the same severity stands before it.`
          : unconvertible > 0
            ? `It would watch no sensor: the unit of ${plural(unconvertible, "sensor")} cannot be converted into the rule's.`
            : "No known sensor matches. The rule waits for one that does."}
      </p>
    );
  const recent = now === 0 || now - to < RECENT_MS;
  return (
    <>
      <p>
        <b className="font-semibold">
          Would have raised {raised === 0 ? "no alerts" : plural(raised, "alert")}
        </b>{" "}
        in the {recent ? `last ${HOURS} h` : `${HOURS} h to ${formatDateTime(to, false)} ${zoneName(to)}`},{" "}
        {raised > 0 ? `on ${formatNumber(raising_sensors)} of ` : "on "}
        {plural(sensors, "sensor")}.
      </p>
      {alerts.length > 0 && (
        <ul className="mt-1 grid gap-0.5">
          {alerts.slice(0, NAMED).map((alert) => (
            <li key={`${alert.sensor_id} ${alert.timestamp}`} className="flex gap-2">
              <span className="whitespace-nowrap text-muted">
                {formatDateTime(Date.parse(alert.timestamp))}
              </span>
              <span className="[overflow-wrap:anywhere]">
                {alert.asset_id}: {alert.title}
              </span>
            </li>
          ))}
          {raised > NAMED && <li className="text-muted">and {formatNumber(raised - NAMED)} more</li>}
        </ul>
      )}
      <p className="mt-1 text-11 text-faint">
        {plural(readings, "reading")} judged
        {!complete && ", the rest of the range left out: there are too many"}
        {overruled > 0 && `; ${plural(overruled, "sensor")} left to more specific rules`}
        {unconvertible > 0 && `; ${plural(unconvertible, "sensor")} in a unit that cannot be converted`}
      </p>
    </>
  );
}

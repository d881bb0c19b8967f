import type { AlertState, Severity } from "../../../lib/domain/alert.ts";
import { SEVERITIES } from "../../../lib/domain/alert.ts";
import type { WireAlert } from "../../../lib/protocol/messages.ts";

export interface AlertView {
  value: string;
  label: string;
  /** All states where absent. */
  states?: readonly AlertState[];
}

export const ALERT_VIEWS: readonly AlertView[] = [
  { value: "open", label: "Open", states: ["open", "acknowledged"] },
  { value: "new", label: "Not acknowledged", states: ["open"] },
  { value: "cleared", label: "Cleared", states: ["cleared"] },
  { value: "shelved", label: "Shelved", states: ["shelved"] },
  { value: "resolved", label: "Resolved", states: ["resolved"] },
  { value: "all", label: "All" },
];

/** What the URL of the page says: every filter can be sent to somebody. */
export interface AlertFilters {
  view: AlertView;
  severity: Severity | undefined;
  asset_id: string | undefined;
  text: string;
  /** The one that stands in the panel. */
  alert: string | undefined;
}

export function readFilters(parameters: URLSearchParams): AlertFilters {
  const severity = SEVERITIES.find((one) => one === parameters.get("severity"));
  return {
    view: ALERT_VIEWS.find(({ value }) => value === parameters.get("view")) ?? ALERT_VIEWS[0]!,
    severity,
    asset_id: parameters.get("asset") ?? undefined,
    text: parameters.get("q") ?? "",
    alert: parameters.get("alert") ?? undefined,
  };
}

/** The query of the stored alerts that belong to the filters; text is searched in what is loaded. */
export function storedQuery({ view, severity, asset_id }: AlertFilters, limit: number): string {
  return `/api/alerts?${new URLSearchParams({
    ...(view.states && { state: view.states.join(",") }),
    ...(severity && { severity }),
    ...(asset_id !== undefined && { asset_id }),
    limit: String(limit),
  })}`;
}

export function matches(alert: WireAlert, { view, severity, asset_id, text }: AlertFilters): boolean {
  if (view.states && !view.states.includes(alert.state)) return false;
  if (severity !== undefined && alert.severity !== severity) return false;
  if (asset_id !== undefined && alert.asset_id !== asset_id) return false;
  const wanted = text.trim().toLowerCase();
  return (
    wanted === "" ||
    `${alert.title} ${alert.asset_id} ${alert.sensor_id ?? ""} ${alert.owner ?? ""}`
      .toLowerCase()
      .includes(wanted)
  );
}

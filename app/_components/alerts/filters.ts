import type { AlertState, Severity } from "../../../lib/domain/alert.ts";
import { SEVERITIES } from "../../../lib/domain/alert.ts";
import type { WireAlert } from "../../../lib/protocol/messages.ts";

export interface AlertView {
  value: string;
  label: string;
  /** All states where absent. */
  states?: readonly AlertState[];
  /** Only those that the reader owns. */
  mine?: true;
  /** Only those that came more than once. */
  recurring?: true;
}

export const ALERT_VIEWS: readonly AlertView[] = [
  { value: "open", label: "Open", states: ["open", "acknowledged"] },
  { value: "new", label: "Not acknowledged", states: ["open"] },
  { value: "mine", label: "Mine", states: ["open", "acknowledged"], mine: true },
  { value: "recurring", label: "Recurring", states: ["open", "acknowledged", "cleared"], recurring: true },
  { value: "cleared", label: "Cleared", states: ["cleared"] },
  { value: "shelved", label: "Shelved", states: ["shelved"] },
  { value: "resolved", label: "Resolved", states: ["resolved"] },
  { value: "all", label: "All" },
];

/** How long ago an alert may have been raised. */
export const RAISED = [
  { value: "1h", label: "last hour", ms: 3_600_000 },
  { value: "24h", label: "last 24 h", ms: 86_400_000 },
  { value: "7d", label: "last 7 days", ms: 7 * 86_400_000 },
] as const;
export type Raised = (typeof RAISED)[number]["value"];

export const SORTS = ["severity", "title", "asset", "times", "since", "owner"] as const;
export type SortColumn = (typeof SORTS)[number];

/** By a column, or where absent as a shift needs it: open ones by severity and newest, closed ones last. */
export interface Sort {
  column: SortColumn;
  descending: boolean;
}

/** What the URL of the page says: every filter can be sent to somebody. */
export interface AlertFilters {
  view: AlertView;
  severity: Severity | undefined;
  asset_id: string | undefined;
  text: string;
  raised: Raised | undefined;
  sort: Sort | undefined;
  /** As the URL says all of it. */
  query: string;
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
    raised: RAISED.find(({ value }) => value === parameters.get("raised"))?.value,
    sort: readSort(parameters.get("sort")),
    query: parameters.toString(),
    alert: parameters.get("alert") ?? undefined,
  };
}

/** "since" upwards, "-since" downwards. */
function readSort(text: string | null): Sort | undefined {
  const descending = text?.startsWith("-") ?? false;
  const column = SORTS.find((one) => one === (descending ? text?.slice(1) : text));
  return column && { column, descending };
}

export function writeSort(sort: Sort | undefined): string | undefined {
  return sort && `${sort.descending ? "-" : ""}${sort.column}`;
}

/** Who reads, and when: what "mine" and "last hour" mean. */
export interface Reader {
  username: string;
  now: number;
}

/** Since when alerts belong to the filters, in whole minutes so that the same question is not asked every second. */
function raisedFrom({ raised }: AlertFilters, now: number): number | undefined {
  const range = RAISED.find(({ value }) => value === raised);
  return range === undefined || now === 0 ? undefined : Math.floor(now / 60_000) * 60_000 - range.ms;
}

/** The query of the stored alerts that belong to the filters; text is searched in what is loaded. */
export function storedQuery(filters: AlertFilters, limit: number, now: number): string {
  const { view, severity, asset_id } = filters;
  const from = raisedFrom(filters, now);
  return `/api/alerts?${new URLSearchParams({
    ...(view.states && { state: view.states.join(",") }),
    ...(severity && { severity }),
    ...(asset_id !== undefined && { asset_id }),
    ...(from !== undefined && { from: new Date(from).toISOString() }),
    limit: String(limit),
  })}`;
}

export function matches(alert: WireAlert, filters: AlertFilters, { username, now }: Reader): boolean {
  const { view, severity, asset_id, text } = filters;
  if (view.mine && alert.owner !== username) return false;
  if (view.recurring && alert.occurrences < 2) return false;
  const from = raisedFrom(filters, now);
  if (from !== undefined && Date.parse(alert.raised_at) < from) return false;
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

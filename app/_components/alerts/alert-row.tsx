// biome-ignore-all lint/a11y/useSemanticElements: rows become two lines on a phone, which table elements do not
// biome-ignore-all lint/a11y/useFocusableInteractive: the keyboard's place is the grid's, not the row's
"use client";
import Link from "next/link";
import { memo } from "react";
import type { WireAlert } from "../../../lib/protocol/messages.ts";
import { assetHref } from "../fleet/fleet-row.tsx";
import { Age, When } from "../ui/age.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { formatNumber, unitSymbol } from "../ui/format.ts";
import { AlertStateTag, SeverityTag } from "../ui/severity.tsx";
import { groupOf } from "./order.ts";

/** One alert in a line: how bad, what, where, value against limit, how often, state, since when, whose. */
export const AlertRow = memo(function AlertRow({
  alert,
  selected,
  cursor,
  onSelect,
  onOpen,
}: {
  alert: WireAlert;
  selected: boolean;
  cursor: boolean;
  onSelect: (id: string, on: boolean) => void;
  onOpen: (id: string) => void;
}) {
  const raised = Date.parse(alert.raised_at);
  const symbol = unitSymbol(alert.unit);
  return (
    <div
      role="row"
      id={`alert-${alert.id}`}
      className="ar"
      aria-selected={selected}
      data-cursor={cursor}
      data-state={alert.state}
      data-closed={groupOf(alert) === "Closed"}
    >
      <div role="gridcell" className="ar-box">
        <Checkbox
          checked={selected}
          aria-label={`Select ${alert.title}, ${alert.asset_id}`}
          onCheckedChange={(on) => onSelect(alert.id, on === true)}
        />
      </div>
      <div role="gridcell" className="ar-severity">
        <SeverityTag kind={alert.severity} />
      </div>
      <div role="gridcell" className="ar-title-cell min-w-0">
        <button
          type="button"
          onClick={() => onOpen(alert.id)}
          className="ar-title min-h-6 max-w-full text-left [overflow-wrap:anywhere] hover:underline"
        >
          {alert.title}
        </button>
      </div>
      <div role="gridcell" className="ar-asset min-w-0">
        <Link href={assetHref(alert.asset_id)} className="[overflow-wrap:anywhere] hover:underline">
          {alert.asset_id}
        </Link>
      </div>
      <div role="gridcell" className="ar-value text-right whitespace-nowrap">
        <span className={alert.state === "open" ? "font-semibold" : undefined}>
          {formatNumber(alert.metric_value)}
        </span>{" "}
        <span className="text-12 text-muted">{alert.metric_value === null ? "" : symbol}</span>
      </div>
      <div role="gridcell" className="ar-limit text-right text-12 whitespace-nowrap text-muted">
        {alert.threshold === undefined ? "none" : `${formatNumber(alert.threshold)} ${symbol}`}
      </div>
      <div role="gridcell" className="ar-times text-right text-12 text-muted">
        {alert.occurrences}
        <span aria-hidden="true"> ×</span>
        <span className="sr-only"> times</span>
      </div>
      <div role="gridcell" className="ar-state">
        <AlertStateTag state={alert.state} />
      </div>
      <div role="gridcell" className="ar-since whitespace-nowrap">
        <When at={raised} zone={false} className="max-phone:hidden" />{" "}
        <span className="text-12">
          <Age at={raised} late_after={0} />
        </span>
      </div>
      <div role="gridcell" className="ar-owner ell text-12 text-muted" title={alert.owner}>
        {alert.owner ?? "nobody"}
      </div>
    </div>
  );
});

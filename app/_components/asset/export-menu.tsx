"use client";
import { Download } from "lucide-react";
import { pictureOf } from "../chart/picture.ts";
import type { TimeAxis } from "../chart/time-axis.ts";
import { Button } from "../ui/button.tsx";
import { formatDateTime } from "../ui/format.ts";
import { Menu, MenuItem, MenuLine } from "../ui/menu.tsx";
import { saveFile } from "../ui/save-file.ts";
import { toast } from "../ui/toast.tsx";
import { zoneName } from "../ui/zone.ts";

/** Where the readings of the shown range come from as CSV; all there are where `whole`. */
function csvHref(asset_id: string, axis: TimeAxis, whole: boolean): string {
  const range = whole ? undefined : axis.range(1_000);
  const query = new URLSearchParams({
    format: "csv",
    ...(range && {
      from: new Date(Math.floor(range.from)).toISOString(),
      to: new Date(Math.ceil(range.to)).toISOString(),
    }),
  });
  return `/api/assets/${encodeURIComponent(asset_id)}/readings?${query}`;
}

export function exportCsv(asset_id: string, axis: TimeAxis, whole = false): void {
  window.location.assign(csvHref(asset_id, axis, whole));
}

async function exportPng(asset_id: string, axis: TimeAxis): Promise<void> {
  const charts = document.querySelector<HTMLElement>("[data-charts]");
  const range = axis.range(1_000);
  if (!charts || !range) return;
  const title = `${asset_id}, ${formatDateTime(range.from)} to ${formatDateTime(range.to)} ${zoneName(range.to)}`;
  const picture = await pictureOf(charts, title);
  if (picture) saveFile(`${asset_id}.png`, picture);
  else toast({ kind: "warning", title: "The browser could not make the picture" });
}

export function ExportMenu({ asset_id, axis }: { asset_id: string; axis: TimeAxis }) {
  return (
    <Menu
      trigger={
        <Button aria-keyshortcuts="e">
          <Download aria-hidden="true" className="size-3.5" />
          Export
        </Button>
      }
    >
      <MenuItem onSelect={() => exportCsv(asset_id, axis)}>The shown range as CSV</MenuItem>
      <MenuItem onSelect={() => void exportPng(asset_id, axis)}>The charts as PNG</MenuItem>
      <MenuLine />
      <MenuItem onSelect={() => exportCsv(asset_id, axis, true)}>Every reading as CSV</MenuItem>
    </Menu>
  );
}

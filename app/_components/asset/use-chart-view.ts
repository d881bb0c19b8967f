"use client";
import { useCallback, useEffect, useMemo, useRef } from "react";
import type { WireAsset } from "../../../lib/protocol/messages.ts";
import { MOST_OVERLAID } from "../chart/overlay.ts";
import { TimeAxis } from "../chart/time-axis.ts";
import { lastOf, type TimeWindow } from "../chart/time-window.ts";
import { useWindow } from "../chart/use-window.ts";
import { useUrlQuery } from "../ui/use-url-query.ts";
import { readWindow, writeWindow } from "./window-query.ts";

/** So many readings a sensor are shown at once from the first to the last; more begin with the last hour. */
const SHOW_ALL_UP_TO = 3_000;

function firstWindow(asset: WireAsset): TimeWindow {
  const most = Math.max(0, ...asset.sensors.map(({ readings }) => readings));
  return lastOf(most <= SHOW_ALL_UP_TO ? "all" : "1h");
}

export interface ChartView {
  /** The one time axis of the page. */
  axis: TimeAxis;
  /** What is fetched: the axis' window as soon as it rests. */
  window: TimeWindow;
  /** Ids of the sensors that are drawn into one plot. */
  overlay: readonly string[];
  setOverlay: (sensor_ids: readonly string[]) => void;
}

/** What the charts of an asset show; it stands in the URL. */
export function useChartView(asset: WireAsset): ChartView {
  const { query, change } = useUrlQuery();
  // biome-ignore lint/correctness/useExhaustiveDependencies: one axis for the page; the URL follows it from then on
  const axis = useMemo(() => {
    const begins = asset.sensors.map(({ first_at }) => Date.parse(first_at));
    return new TimeAxis(
      readWindow(query) ?? firstWindow(asset),
      begins.length > 0 ? Math.min(...begins) : undefined,
    );
  }, [asset.asset_id]);
  const window = useWindow(axis);
  const written = useRef(window);
  useEffect(() => {
    if (window === written.current) return;
    written.current = window;
    change(writeWindow(window));
  }, [window, change]);

  const text = query.get("overlay") ?? "";
  const overlay = useMemo(
    () =>
      text
        .split(",")
        .map((id) => decodeURIComponent(id))
        .filter((id) => asset.sensors.some(({ sensor_id }) => sensor_id === id))
        .slice(0, MOST_OVERLAID),
    [text, asset.sensors],
  );
  const setOverlay = useCallback(
    (ids: readonly string[]) => change({ overlay: ids.map((id) => encodeURIComponent(id)).join(",") }),
    [change],
  );
  return { axis, window, overlay, setOverlay };
}

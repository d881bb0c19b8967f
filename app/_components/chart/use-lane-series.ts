"use client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { fetchReadings } from "../api/readings.ts";
import { request } from "../api/request.ts";
import { useRing } from "../stream.ts";
import { expectedInterval } from "./gaps.ts";
import { LaneSeries } from "./series.ts";
import { needOf, type TimeWindow } from "./time-window.ts";

/** Points asked for: more than a lane has pixels to tell apart would cost and show nothing. */
export const LANE_POINTS = 600;

export interface LaneSource {
  series: LaneSeries;
  /** Moves what came live into the series; called before each frame. */
  pull: () => void;
  loading: boolean;
  error: unknown;
  reload: () => void;
}

/** Points to ask for: as many to a screen's width, also where more than that is fetched. */
export function pointsFor(lengths: number): number {
  return Math.round(LANE_POINTS * lengths);
}

/**
 * Stored history of a sensor and what comes live after it, in one series. The history is asked again where readings
 * may have been missed (a pause, a reconnect) and when `refresh` changes.
 */
export function useLaneSeries({
  asset_id,
  sensor_id,
  window,
  newest,
  refresh,
}: {
  asset_id: string;
  sensor_id: string;
  window: TimeWindow;
  /** Time of the asset's newest reading when the history is asked for. */
  newest: () => number | undefined;
  refresh: number;
}): LaneSource {
  const ring = useRing(asset_id, sensor_id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another sensor begins another series
  const series = useMemo(() => new LaneSeries(), [asset_id, sensor_id]);
  const [round, setRound] = useState(0);
  const [state, setState] = useState<{ loading: boolean; error?: unknown }>({ loading: true });
  const ready = useRef(false);
  const live = useRef(true);
  const ringVersion = useRef(-1);
  const newestNow = useRef(newest);
  newestNow.current = newest;

  const reload = useCallback(() => setRound((before) => before + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` and `refresh` ask again
  useEffect(() => {
    const stop = new AbortController();
    const { from, to, lengths, live: wanted } = needOf(window, newestNow.current());
    setState((before) => ({ ...before, loading: true }));
    fetchReadings(
      request,
      { asset_id, sensor_id, from, to, max_points: pointsFor(lengths) },
      stop.signal,
    ).then(
      (points) => {
        live.current = wanted;
        const gathered = points.some(({ n }) => n > 1);
        series.reset(points, gathered ? expectedInterval(points) : 0);
        ready.current = true;
        ringVersion.current = -1;
        setState({ loading: false });
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        // Without history the lane still shows what comes live.
        ready.current = true;
        ringVersion.current = -1;
        setState({ loading: false, error });
      },
    );
    return () => stop.abort();
  }, [asset_id, sensor_id, window, series, round, refresh]);

  const pull = useCallback(() => {
    const recent = ring();
    if (!ready.current || !live.current || recent === undefined || recent.version === ringVersion.current)
      return;
    ringVersion.current = recent.version;
    const first = series.points.length === 0;
    const contiguous = series.append(recent.columns(), first);
    if (!contiguous || series.points.length > LANE_POINTS * 4) {
      // Ask once; until the answer is there the lane draws what it has.
      ready.current = false;
      reload();
    }
  }, [ring, series, reload]);

  return { series, pull, ...state, error: state.error, reload };
}

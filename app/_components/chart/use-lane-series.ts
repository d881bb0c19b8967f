"use client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { fetchReadings } from "../api/readings.ts";
import { request } from "../api/request.ts";
import { useRing } from "../stream.ts";
import { expectedInterval } from "./gaps.ts";
import { LaneSeries } from "./series.ts";

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

/**
 * Stored history of a sensor and what comes live after it, in one series. The history is asked again where readings
 * may have been missed (a pause, a reconnect) and when `refresh` changes.
 */
export function useLaneSeries({
  asset_id,
  sensor_id,
  span_ms,
  newest,
  refresh,
}: {
  asset_id: string;
  sensor_id: string;
  /** Length of the range, `undefined` for everything. */
  span_ms: number | undefined;
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
  const ringVersion = useRef(-1);
  const newestNow = useRef(newest);
  newestNow.current = newest;

  const reload = useCallback(() => setRound((before) => before + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` and `refresh` ask again
  useEffect(() => {
    const stop = new AbortController();
    const end = newestNow.current();
    const from = span_ms === undefined || end === undefined ? undefined : Math.floor(end - span_ms * 1.02);
    setState((before) => ({ ...before, loading: true }));
    fetchReadings(request, { asset_id, sensor_id, from, max_points: LANE_POINTS }, stop.signal).then(
      (points) => {
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
  }, [asset_id, sensor_id, span_ms, series, round, refresh]);

  const pull = useCallback(() => {
    const live = ring();
    if (!ready.current || live === undefined || live.version === ringVersion.current) return;
    ringVersion.current = live.version;
    const first = series.points.length === 0;
    const contiguous = series.append(live.columns(), first);
    if (!contiguous || series.points.length > LANE_POINTS * 4) {
      // Ask once; until the answer is there the lane draws what it has.
      ready.current = false;
      reload();
    }
  }, [ring, series, reload]);

  return { series, pull, ...state, error: state.error, reload };
}

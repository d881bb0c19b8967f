"use client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { WireHealth } from "../../../lib/protocol/messages.ts";
import { request } from "../api/request.ts";
import { expectedInterval } from "../chart/gaps.ts";
import { type LanePoint, LaneSeries } from "../chart/series.ts";
import { needOf, type TimeWindow } from "../chart/time-window.ts";
import { type LaneSource, pointsFor } from "../chart/use-lane-series.ts";
import { useHealth } from "../stream.ts";
import { lifeOf } from "../ui/life.ts";

/** What of a judgement is drawn: the score, or the remaining life within its interval. */
export type HealthQuantity = "score" | "life";

function pointsOf(health: readonly WireHealth[], quantity: HealthQuantity): LanePoint[] {
  return health.flatMap((judgement) => {
    const life = quantity === "life" ? lifeOf(judgement) : undefined;
    const y = quantity === "score" ? judgement.score : life?.kind === "known" ? life.rul : null;
    if (y === null) return [];
    const x = Date.parse(judgement.timestamp);
    const [min, max] = life?.kind === "known" ? [life.low, life.high] : [y, y];
    return [{ x, y, until: x, min, max, n: 1, q: 0 }];
  });
}

/** An asset's health, or its remaining life, over time: what is stored, and each judgement as it comes. */
export function useHealthSeries(
  asset_id: string,
  quantity: HealthQuantity,
  window: TimeWindow,
  newest: () => number | undefined,
  refresh: number,
): LaneSource {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another asset begins another series
  const series = useMemo(() => new LaneSeries(), [asset_id]);
  const [state, setState] = useState<{ loading: boolean; error?: unknown }>({ loading: true });
  const [round, setRound] = useState(0);
  const ready = useRef(false);
  const live = useRef(true);
  const latest = useHealth(asset_id);
  const pending = useRef<WireHealth[]>([]);
  const end = useRef(newest);
  end.current = newest;

  useEffect(() => {
    if (latest) pending.current.push(latest);
  }, [latest]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` and `refresh` ask again
  useEffect(() => {
    const stop = new AbortController();
    const { from, to, lengths, live: wanted } = needOf(window, end.current());
    setState((before) => ({ ...before, loading: true }));
    const query = new URLSearchParams({
      max_points: String(pointsFor(lengths)),
      ...(from !== undefined && { from: new Date(from).toISOString() }),
      ...(to !== undefined && { to: new Date(to).toISOString() }),
    });
    request<{ health: WireHealth[] }>(`/api/assets/${encodeURIComponent(asset_id)}/health?${query}`, {
      signal: stop.signal,
    }).then(
      ({ health }) => {
        const points = pointsOf(health, quantity);
        series.reset(points, points.length >= 500 * lengths ? expectedInterval(points) : 0);
        live.current = wanted;
        ready.current = true;
        setState({ loading: false });
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        ready.current = true;
        setState({ loading: false, error });
      },
    );
    return () => stop.abort();
  }, [asset_id, quantity, window, series, round, refresh]);

  const pull = useCallback(() => {
    if (!ready.current || pending.current.length === 0) return;
    const points = pointsOf(pending.current.splice(0), quantity);
    if (!live.current) return;
    if (quantity === "life") series.appendPoints(points);
    else
      series.append(
        { t: points.map(({ x }) => x), v: points.map(({ y }) => y), q: points.map(() => 0) },
        true,
      );
  }, [series, quantity]);

  return {
    series,
    pull,
    loading: state.loading,
    error: state.error,
    reload: useCallback(() => setRound((before) => before + 1), []),
  };
}

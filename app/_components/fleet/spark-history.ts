"use client";
import { fetchReadings } from "../api/readings.ts";
import { request } from "../api/request.ts";
import type { LanePoint } from "../chart/series.ts";
import { unitsKey } from "../ui/units.ts";

const POINTS = 120;
const AT_ONCE = 3;

const held = new Map<string, Promise<LanePoint[]>>();
const waiting: (() => void)[] = [];
let running = 0;

function next(): void {
  while (running < AT_ONCE && waiting.length > 0) {
    running++;
    waiting.shift()?.();
  }
}

/**
 * The stored past of a sparkline, asked once for a sensor and a few at a time: it is a hint beside a row, and must
 * not stand in the way of the charts.
 */
export function sparkHistory(asset_id: string, sensor_id: string): Promise<LanePoint[]> {
  const key = JSON.stringify([asset_id, sensor_id, unitsKey()]);
  const known = held.get(key);
  if (known) return known;
  const asked = new Promise<LanePoint[]>((resolve) => {
    waiting.push(() => {
      fetchReadings(request, { asset_id, sensor_id, max_points: POINTS })
        .catch(() => {
          held.delete(key);
          return [];
        })
        .then((points) => {
          running--;
          next();
          resolve(points);
        });
    });
  });
  held.set(key, asked);
  next();
  return asked;
}

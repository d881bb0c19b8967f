/** Finds the regimes in which a kind of asset is operated from the training data, and tells which one a frame is in. */

export const REGIMES_AT_MOST = 12;
/** Mean simplified silhouette from which on clusters count as such (Vendramin, Campello & Hruschka 2010). */
const TIGHT = 0.75;
/** A cluster holds at least this share of the frames. */
const LEAST_SHARE = 0.005;
/** Share of the other sensors' variance that the regimes must explain: else they are only the settings' own noise. */
const EXPLAINS = 0.2;
/** Types of sensor that say how an asset is operated. */
const SETTING_TYPES = new Set([
  "altitude",
  "mach",
  "throttle",
  "setpoint",
  "load",
  "load_setpoint",
  "speed_setpoint",
  "operating_setting",
  "setting",
]);
const ROUNDS = 60;

export interface Regimes {
  /** Indices of the sensors that tell the regime; none where there is one regime only. */
  settings: number[];
  /** What each setting is divided by before distances are measured. */
  scales: number[];
  /** Centre of each regime by setting. */
  centers: number[][];
  /** Largest squared scaled distance of a training frame from its centre. */
  radius: number;
}

export const ONE_REGIME: Regimes = { settings: [], scales: [], centers: [[]], radius: 0 };

export function isSettingType(sensor_type: string): boolean {
  return SETTING_TYPES.has(sensor_type.toLowerCase());
}

/** A row is a frame, a column a sensor; NaN where it is missing. */
export type Table = { rows: readonly ArrayLike<number>[]; types: readonly string[] };

/**
 * Clusters the settings (sensors of a setting's type, or else any sensors that have a few tight levels) by k-means
 * with farthest-first seeds. The number of regimes is the one with the best simplified silhouette; they count only if
 * they are tight and explain the other sensors.
 */
export function findRegimes({ rows, types }: Table): Regimes {
  const sample = thin(rows, 4_000);
  const moving = types.map((_, sensor) => spreadOf(sample, sensor)).map((spread) => spread > 0);
  const typed = types.flatMap((type, sensor) => (isSettingType(type) && moving[sensor] ? [sensor] : []));
  const found = typed.length > 0 ? cluster(sample, typed) : undefined;
  if (found !== undefined && explains(sample, types, moving, found) >= EXPLAINS) return found;
  if (types.some(isSettingType)) return ONE_REGIME;
  // No sensor is named a setting: those with a few tight levels that explain the others are.
  const leveled = types.flatMap((_, sensor) => {
    const levels = moving[sensor] ? cluster(sample, [sensor]) : undefined;
    return levels !== undefined && explains(sample, types, moving, levels) >= 0.5 ? [sensor] : [];
  });
  const together = leveled.length > 0 ? cluster(sample, leveled) : undefined;
  return together !== undefined && explains(sample, types, moving, together) >= 0.5 ? together : ONE_REGIME;
}

/** The regime that a frame's settings are nearest to, and how far; `undefined` where a setting is missing. */
export function regimeAt(
  regimes: Regimes,
  values: ArrayLike<number>,
): { regime: number; distance: number } | undefined {
  const { settings, scales, centers } = regimes;
  if (settings.length === 0) return { regime: 0, distance: 0 };
  let regime = -1;
  let distance = Number.POSITIVE_INFINITY;
  for (let at = 0; at < centers.length; at++) {
    const center = centers[at]!;
    let sum = 0;
    for (let k = 0; k < settings.length; k++) {
      const value = values[settings[k]!]!;
      if (Number.isNaN(value)) return undefined;
      sum += ((value - center[k]!) / scales[k]!) ** 2;
    }
    if (sum < distance) {
      distance = sum;
      regime = at;
    }
  }
  return { regime, distance };
}

function thin(rows: readonly ArrayLike<number>[], most: number): readonly ArrayLike<number>[] {
  if (rows.length <= most) return rows;
  return Array.from({ length: most }, (_, at) => rows[Math.floor((at * rows.length) / most)]!);
}

function spreadOf(rows: readonly ArrayLike<number>[], sensor: number): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const value = row[sensor]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high > low ? high - low : 0;
}

function cluster(rows: readonly ArrayLike<number>[], settings: number[]): Regimes | undefined {
  const whole = rows.filter((row) => settings.every((sensor) => !Number.isNaN(row[sensor]!)));
  if (whole.length < 2 * REGIMES_AT_MOST) return undefined;
  const scales = settings.map((sensor) => spreadOf(whole, sensor));
  const points = whole.map((row) => Float64Array.from(settings, (sensor, k) => row[sensor]! / scales[k]!));
  let best: { silhouette: number; centers: Float64Array[] } | undefined;
  for (let k = 2; k <= REGIMES_AT_MOST; k++) {
    const centers = kMeans(points, k);
    if (centers === undefined) break;
    const silhouette = silhouetteOf(points, centers);
    // A further regime has to be worth it.
    if (silhouette > (best?.silhouette ?? TIGHT) + 1e-3) best = { silhouette, centers };
  }
  if (best === undefined) return undefined;
  const centers = best.centers
    .map((center) => Array.from(center, (value, k) => value * scales[k]!))
    .sort(compare);
  const regimes: Regimes = { settings, scales, centers, radius: 0 };
  for (const row of whole) regimes.radius = Math.max(regimes.radius, regimeAt(regimes, row)!.distance);
  return regimes;
}

function compare(a: number[], b: number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

/** Lloyd's algorithm from farthest-first seeds; `undefined` where a cluster would be too small. */
function kMeans(points: Float64Array[], k: number): Float64Array[] | undefined {
  const centers = [points[0]!];
  const nearest = new Float64Array(points.length).fill(Number.POSITIVE_INFINITY);
  while (centers.length < k) {
    const last = centers.at(-1)!;
    let farthest = 0;
    for (let i = 0; i < points.length; i++) {
      nearest[i] = Math.min(nearest[i]!, squared(points[i]!, last));
      if (nearest[i]! > nearest[farthest]!) farthest = i;
    }
    if (nearest[farthest] === 0) return undefined;
    centers.push(points[farthest]!);
  }
  const of = new Int32Array(points.length).fill(-1);
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    const sums = centers.map((center) => new Float64Array(center.length));
    const counts = new Int32Array(k);
    for (let i = 0; i < points.length; i++) {
      let own = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let c = 0; c < k; c++) {
        const distance = squared(points[i]!, centers[c]!);
        if (distance < least) [least, own] = [distance, c];
      }
      if (of[i] !== own) moved = true;
      of[i] = own;
      counts[own]!++;
      const sum = sums[own]!;
      for (let d = 0; d < sum.length; d++) sum[d]! += points[i]![d]!;
    }
    if (counts.some((count) => count < LEAST_SHARE * points.length)) return undefined;
    for (let c = 0; c < k; c++) centers[c] = sums[c]!.map((sum) => sum / counts[c]!);
    if (!moved) break;
  }
  return centers;
}

/** Mean over the points of (b − a) / max(a, b): a the distance to the own centre, b to the next nearest. */
function silhouetteOf(points: Float64Array[], centers: Float64Array[]): number {
  let sum = 0;
  for (const point of points) {
    let a = Number.POSITIVE_INFINITY;
    let b = Number.POSITIVE_INFINITY;
    for (const center of centers) {
      const distance = Math.sqrt(squared(point, center));
      if (distance < a) [a, b] = [distance, a];
      else if (distance < b) b = distance;
    }
    sum += b > 0 ? (b - a) / b : 0;
  }
  return sum / points.length;
}

function squared(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d]! - b[d]!) ** 2;
  return sum;
}

/** Mean share of variance, over the sensors that are no settings, that lies between the regimes. */
function explains(
  rows: readonly ArrayLike<number>[],
  types: readonly string[],
  moving: boolean[],
  regimes: Regimes,
): number {
  const k = regimes.centers.length;
  const at = rows.map((row) => regimeAt(regimes, row)?.regime ?? -1);
  let total = 0;
  let sensors = 0;
  for (let sensor = 0; sensor < types.length; sensor++) {
    if (!moving[sensor] || isSettingType(types[sensor]!) || regimes.settings.includes(sensor)) continue;
    const counts = new Float64Array(k);
    const sums = new Float64Array(k);
    let n = 0;
    let sum = 0;
    for (const [i, row] of rows.entries()) {
      const value = row[sensor]!;
      if (at[i]! < 0 || Number.isNaN(value)) continue;
      counts[at[i]!]!++;
      sums[at[i]!]! += value;
      n++;
      sum += value;
    }
    if (n === 0) continue;
    const mean = sum / n;
    let all = 0;
    for (const [i, row] of rows.entries())
      if (at[i]! >= 0 && !Number.isNaN(row[sensor]!)) all += (row[sensor]! - mean) ** 2;
    let between = 0;
    for (let c = 0; c < k; c++)
      if (counts[c]! > 0) between += counts[c]! * (sums[c]! / counts[c]! - mean) ** 2;
    if (all <= 0) continue;
    total += between / all;
    sensors++;
  }
  return sensors === 0 ? 0 : total / sensors;
}

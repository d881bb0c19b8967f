import type { Severity } from "./alert.ts";
import { ruleKey } from "./default-keys.ts";
import { type Rule, ruleSchema } from "./rule.ts";

/** Rules of one kind of machine, written short: [sensor type, unit, side, warning, critical, hysteresis, delay in s]. */
type Level = [
  sensor_type: string,
  unit: string,
  side: "above" | "below",
  warning: number,
  critical: number,
  hysteresis: number,
  delay_s: number,
];

function levels(asset_type: string, table: Level[]): unknown[] {
  return table.flatMap(([sensor_type, unit, side, warning, critical, hysteresis, delay_s]) =>
    (
      [
        ["warning", warning],
        ["critical", critical],
      ] as [Severity, number][]
    ).map(([severity, limit]) => ({
      id: `${asset_type}-${sensor_type}-${side === "above" ? "high" : "low"}-${severity}`,
      title: `${asset_type}: ${sensor_type} ${side} ${severity} limit`,
      asset_type,
      sensor_type,
      severity,
      condition: { kind: side, limit },
      unit,
      hysteresis,
      delay_s,
    })),
  );
}

/** Silence of a quarter of an hour is worth a look; the temperature stands for the machine. */
function silence(asset_type: string): unknown {
  return {
    id: `${asset_type}-silent`,
    title: `${asset_type}: no temperature reading`,
    asset_type,
    sensor_type: "temperature",
    severity: "info",
    condition: { kind: "missing_data", after_s: 900 },
  };
}

/** A speed that jumps by a good tenth within a few seconds: a lost drive, a coupling, a broken instrument. */
function speedJump(asset_type: string, limit_per_s: number): unknown {
  return {
    id: `${asset_type}-speed-change-warning`,
    title: `${asset_type}: speed changes abruptly`,
    asset_type,
    sensor_type: "speed",
    severity: "warning",
    condition: { kind: "rate_of_change", limit_per_s },
    unit: "rpm",
    hysteresis: limit_per_s / 2,
  };
}

/**
 * Machines of a plant. Vibration: boundaries of the zones C and D of ISO 20816-3 for r.m.s. velocity on flexible
 * supports, 4.5 and 7.1 mm/s of medium-sized machines (group 2), 7.1 and 11 mm/s of large ones (group 1, the
 * compressors). The others are nominal values with margins that normal changes of load do not reach. Ten seconds of
 * delay keep single outliers from being alerts.
 */
const PLANT: unknown[] = [
  ...levels("pump", [
    ["temperature", "celsius", "above", 80, 90, 2, 10],
    ["vibration", "mm/s", "above", 4.5, 7.1, 0.4, 10],
    ["pressure", "bar", "below", 4.8, 4, 0.2, 10],
    ["flow", "m3/h", "below", 170, 140, 6, 10],
    ["current", "A", "above", 50, 56, 1.5, 10],
  ]),
  ...levels("motor", [
    ["temperature", "celsius", "above", 95, 110, 3, 10],
    ["vibration", "mm/s", "above", 4.5, 7.1, 0.4, 10],
    ["current", "A", "above", 72, 80, 2, 10],
  ]),
  ...levels("compressor", [
    ["temperature", "celsius", "above", 105, 115, 3, 10],
    ["vibration", "mm/s", "above", 7.1, 11, 0.6, 10],
    ["current", "A", "above", 115, 125, 3, 10],
  ]),
  {
    id: "compressor-pressure-outside-warning",
    title: "compressor: pressure outside its warning limits",
    asset_type: "compressor",
    sensor_type: "pressure",
    severity: "warning",
    condition: { kind: "outside", low: 6.5, high: 9.5 },
    unit: "bar",
    hysteresis: 0.25,
    delay_s: 10,
  },
  {
    id: "compressor-pressure-outside-critical",
    title: "compressor: pressure outside its critical limits",
    asset_type: "compressor",
    sensor_type: "pressure",
    severity: "critical",
    condition: { kind: "outside", low: 5.5, high: 10.5 },
    unit: "bar",
    hysteresis: 0.25,
    delay_s: 10,
  },
  ...["pump", "motor", "compressor"].map(silence),
  speedJump("pump", 75),
  speedJump("motor", 75),
  speedJump("compressor", 150),
];

function engine(
  sensor_suffix: string,
  sensor_type: string,
  unit: string,
  severity: Severity,
  limit: number,
  hysteresis: number,
): unknown {
  return {
    id: `engine-${sensor_suffix.toLowerCase()}-high-${severity}`,
    title: `engine: ${sensor_suffix} above ${severity} limit`,
    asset_type: "engine",
    sensor_suffix,
    sensor_type,
    severity,
    condition: { kind: "above", limit },
    unit,
    hysteresis,
  };
}

/**
 * Turbofan engines of the C-MAPSS sets, by sensor symbol. Warning limits lie above everything that engines show at
 * sea level in their first 30 cycles (T24 643.7, T30 1602, T50 1423 °R, Ps30 47.84, P30 556.1 psia), critical ones
 * about where engines end; the hysteresis exceeds the cycle-to-cycle noise. All watch the upper side alone: at sea
 * level these sensors are at their highest, so a set with six operating regimes raises nothing in the other five, as
 * limits on the lower side (and on the bypass ratio, which is higher aloft) would in every flight.
 */
const ENGINES: unknown[] = [
  engine("T24", "temperature", "rankine", "warning", 644.2, 1.2),
  engine("T30", "temperature", "rankine", "warning", 1606, 14),
  engine("T50", "temperature", "rankine", "warning", 1425, 14),
  engine("T50", "temperature", "rankine", "critical", 1435, 14),
  engine("Ps30", "pressure", "psia", "warning", 48, 0.5),
  engine("Ps30", "pressure", "psia", "critical", 48.35, 0.5),
  engine("P30", "pressure", "psia", "warning", 558.5, 3),
];

/**
 * Of every asset: half of its health is gone; little life remains, where a model tells it (30 of its time steps, so
 * 30 cycles, or about a seventh of a life that is counted in hours: no limit in hours would fit every kind of asset);
 * and, to be enabled by who wants it, sensors that behave as they never did.
 * The anomaly limit is one that sound machines of a plant pass less than once a sensor and week.
 */
const ANY: unknown[] = [
  {
    id: "health-low-warning",
    title: "Health below half",
    severity: "warning",
    condition: { kind: "health", limit: 50 },
    hysteresis: 15,
    delay_s: 10,
  },
  {
    id: "remaining-life-low-warning",
    title: "Remaining life is short",
    severity: "warning",
    condition: { kind: "remaining_life", limit: 30 },
    unit: "steps",
    hysteresis: 15,
  },
  ...["temperature", "vibration", "pressure"].map((sensor_type) => ({
    id: `${sensor_type}-unusual-info`,
    title: `${sensor_type} behaves unusually`,
    enabled: false,
    sensor_type,
    severity: "info",
    condition: { kind: "anomaly", limit: 0.5 },
    hysteresis: 0.1,
  })),
];

/** The rules that a new tenant starts with. */
export const DEFAULT_RULES: Rule[] = [...PLANT, ...ENGINES, ...ANY].map((rule) => ruleSchema.parse(rule));

/** Rules that came after those that tenants were given before it was remembered what each was given. */
const LATER = new Set(["remaining-life-low-warning"]);

/**
 * The default rules that a tenant is still to be given: those that it never had, so one that was changed or removed
 * since stays so.
 * @param given keys of what it was given; `undefined` of a tenant from before that was remembered
 */
export function rulesToGive(given: readonly string[] | undefined): Rule[] {
  if (given === undefined) return DEFAULT_RULES.filter(({ id }) => LATER.has(id));
  const had = new Set(given);
  return DEFAULT_RULES.filter(({ id }) => !had.has(ruleKey(id)));
}

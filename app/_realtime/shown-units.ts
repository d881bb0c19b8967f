import { formatMeasure } from "../../lib/domain/alert-title.ts";
import type { Reading } from "../../lib/domain/reading.ts";
import type { UnitChoice } from "../../lib/domain/tenant-settings.ts";
import {
  applyConversion,
  type Conversion,
  conversion,
  quantityOf,
  unitOfRate,
} from "../../lib/domain/units.ts";
import type { WireAlert, WireAsset } from "../../lib/protocol/messages.ts";

/** The unit that values are shown in, and how they get there from the one they came in. */
export interface ShownUnit {
  unit: string;
  how: Conversion;
}

/**
 * Puts what comes in into the units that people chose, once and where it comes in, so that everything behind it (rows,
 * charts, limits) has one unit. What is already in the chosen unit, or of a quantity for which none was chosen, stays
 * the same object.
 */
export interface ShownUnits {
  /** `undefined` where values of the unit are shown as they come. */
  of(unit: string): ShownUnit | undefined;
  reading(reading: Reading): Reading;
  asset(asset: WireAsset): WireAsset;
  /** Value, limit and the title that was made from them. */
  alert<A extends WireAlert>(alert: A): A;
}

export function createShownUnits(choice: UnitChoice): ShownUnits {
  const known = new Map<string, ShownUnit | undefined>();
  const none = Object.keys(choice).length === 0;

  function find(unit: string): ShownUnit | undefined {
    const base = unitOfRate(unit);
    if (base !== undefined) {
      const shown = find(base);
      return shown && { unit: `${shown.unit}/s`, how: { scale: shown.how.scale, offset: 0 } };
    }
    const wanted = choice[quantityOf(unit) ?? ""];
    const how = wanted === undefined ? undefined : conversion(unit, wanted);
    if (wanted === undefined || how === undefined || (how.scale === 1 && how.offset === 0)) return undefined;
    return { unit: wanted, how };
  }
  function of(unit: string): ShownUnit | undefined {
    if (none) return undefined;
    if (!known.has(unit)) known.set(unit, find(unit));
    return known.get(unit);
  }

  return {
    of,
    reading(reading) {
      const shown = of(reading.unit);
      return shown === undefined
        ? reading
        : { ...reading, unit: shown.unit, value: applyConversion(reading.value, shown.how) };
    },
    asset(asset) {
      if (!asset.sensors.some(({ unit }) => of(unit) !== undefined)) return asset;
      return {
        ...asset,
        sensors: asset.sensors.map((sensor) => {
          const shown = of(sensor.unit);
          if (shown === undefined) return sensor;
          const value = applyConversion(sensor.latest.value, shown.how);
          return { ...sensor, unit: shown.unit, latest: { ...sensor.latest, value } };
        }),
      };
    },
    alert(alert) {
      const shown = alert.unit === undefined ? undefined : of(alert.unit);
      return shown === undefined ? alert : convertAlert(alert, shown);
    },
  };
}

/** A title names value and limit as they were raised; one that does not, such as a foreign program's, stays. */
function convertAlert<A extends WireAlert>(alert: A, { unit, how }: ShownUnit): A {
  const { metric_value, threshold, unit: own = "" } = alert;
  const value = metric_value === null ? null : applyConversion(metric_value, how);
  const limit = threshold === undefined ? undefined : applyConversion(threshold, how);
  return {
    ...alert,
    unit,
    metric_value: value,
    ...(limit !== undefined && { threshold: limit }),
    title: retitled(alert.title, [
      ...(metric_value === null || value === null
        ? []
        : [[formatMeasure(metric_value, own, threshold), formatMeasure(value, unit, limit)] as const]),
      ...(threshold === undefined || limit === undefined
        ? []
        : [[formatMeasure(threshold, own), formatMeasure(limit, unit)] as const]),
    ]),
  };
}

/** All of the measures replaced, or none of them. */
function retitled(title: string, measures: readonly (readonly [from: string, to: string])[]): string {
  let rest = title;
  let done = "";
  for (const [from, to] of measures) {
    const at = rest.indexOf(from);
    if (at === -1) return title;
    done += rest.slice(0, at) + to;
    rest = rest.slice(at + from.length);
  }
  return done + rest;
}

/** As everything came. */
export const UNITS_AS_THEY_COME: ShownUnits = createShownUnits({});

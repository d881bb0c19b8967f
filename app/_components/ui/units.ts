import type { UnitChoice } from "../../../lib/domain/tenant-settings.ts";
import { createShownUnits, type ShownUnits, UNITS_AS_THEY_COME } from "../../_realtime/index.ts";

/** The units in which the pages show values: those that the tenant chose, otherwise those that values came in. */
let shown: ShownUnits = UNITS_AS_THEY_COME;
let key = "[]";

/** @returns the same object for the same choice */
export function setUnits(choice: UnitChoice): ShownUnits {
  const next = JSON.stringify(Object.entries(choice).sort());
  if (next !== key) {
    key = next;
    shown = createShownUnits(choice);
  }
  return shown;
}

export function shownUnits(): ShownUnits {
  return shown;
}

/** Differs for different choices: what is kept in one unit is not shown in another. */
export function unitsKey(): string {
  return key;
}

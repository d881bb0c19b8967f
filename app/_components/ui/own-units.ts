import type { UnitChoice } from "../../../lib/domain/tenant-settings.ts";

/** A person's own choice of units, in the browser; a cookie, so that the server's first answer has them too. */
export const OWN_UNITS_COOKIE = "foresight_units";

const YEAR_S = 365 * 24 * 3_600;

export function keepOwnUnits(choice: UnitChoice): void {
  const empty = Object.keys(choice).length === 0;
  const value = empty ? "" : encodeURIComponent(JSON.stringify(choice));
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `${OWN_UNITS_COOKIE}=${value}; path=/; max-age=${empty ? 0 : YEAR_S}; samesite=lax`;
}

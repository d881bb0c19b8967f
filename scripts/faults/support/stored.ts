import type { SequenceChecker } from "../../../lib/testing/sequence-checker.ts";
import type { Series } from "./series.ts";

/** Tells the checker every reading that the product's own API has in store. */
export async function readStored(
  url: string,
  token: string,
  series: Series,
  checker: SequenceChecker,
): Promise<void> {
  checker.forgetStored();
  for (const asset of series.assets) {
    const response = await fetch(`${url}/api/assets/${asset}/readings?format=csv`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (response.status === 404) continue;
    if (!response.ok) throw new Error(`The readings of ${asset} are answered by ${response.status}.`);
    const [header = "", ...rows] = (await response.text()).trimEnd().split(/\r?\n/);
    const columns = header.split(",");
    const time = columns.indexOf("timestamp");
    const value = columns.indexOf("value");
    if (time < 0 || value < 0) throw new Error(`The export's header is "${header}".`);
    for (const row of rows) {
      const cells = row.split(",");
      checker.stored(asset, series.numberOf(cells[time]!), Number(cells[value]));
    }
  }
}

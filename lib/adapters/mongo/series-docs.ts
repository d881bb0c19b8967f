import { decodeHead, maxHeadBytes, type SeriesHead, writeHead } from "../../domain/series-head.ts";
import type { SeriesDoc } from "./collections.ts";
import { decodeEntries, encodeEntries } from "./entries.ts";
import type { SeriesState } from "./series-tree.ts";

export function stateOf({ _id, version, head, kinds, open, root }: SeriesDoc): SeriesState {
  return {
    id: _id,
    version,
    head: decodeHead(head),
    kinds,
    ...(open != null && { open: decodeEntries(open)[0]! }),
    ...(root != null && { root }),
  };
}

function encodeHead(head: SeriesHead): Uint8Array {
  const buffer = new Uint8Array(maxHeadBytes(head));
  return buffer.slice(0, writeHead(buffer, new DataView(buffer.buffer), 0, head));
}

/** What of a series' document changes with its readings. */
export function fieldsOf({
  head,
  kinds,
  open,
  root,
}: SeriesState): Pick<SeriesDoc, "head" | "kinds" | "open" | "root"> {
  return {
    head: encodeHead(head),
    kinds: [...kinds],
    ...(open !== undefined && { open: encodeEntries([open]) }),
    ...(root !== undefined && { root }),
  };
}

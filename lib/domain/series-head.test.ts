import { expect, it } from "vitest";
import { decodeHead, decodeHeadFigures, maxHeadBytes, type SeriesHead, writeHead } from "./series-head.ts";

const head: SeriesHead = {
  count: 1_000_003,
  first_at: 1_700_000_000_000,
  latest: { timestamp: 1_800_000_000_000, value: 0.1 + 0.2, tag: 5, received_at: 1_800_000_000_123 },
  sealed_last: 1_799_999_999_000,
  open_count: 17,
  tail: { times: [1_799_999_999_500, 1_800_000_000_000], values: [1.5, 0.1 + 0.2], tags: [0, 5] },
};

function encode(of: SeriesHead): Uint8Array {
  const buffer = new Uint8Array(3 + maxHeadBytes(of));
  return buffer.slice(3, writeHead(buffer, new DataView(buffer.buffer), 3, of));
}

it("comes back as it was, with or without its tail", () => {
  const { tail: _, ...figures } = head;
  expect(decodeHead(encode(head))).toEqual(head);
  expect(decodeHeadFigures(encode(head))).toEqual(figures);
});

it("holds a series that has no chunk yet", () => {
  const young = { ...head, sealed_last: Number.NEGATIVE_INFINITY, open_count: 0 };
  expect(decodeHead(encode(young))).toEqual(young);
});

it("refuses bytes that are none", () => {
  expect(() => decodeHead(encode(head).subarray(0, 40))).toThrow(/no head/);
  expect(() => decodeHead(new Uint8Array(80))).toThrow(/no head/);
});

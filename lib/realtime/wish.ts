import type { Format } from "../protocol/messages.ts";

/** What a subscription asks for. */
export interface Wish {
  format: Format;
  /** Only these assets. */
  assets?: ReadonlySet<string>;
  /** Messages a second and series at most. */
  max_rate?: number;
}

/** Two wishes with the same key are served by one room. */
export function wishKey({ format, assets, max_rate }: Wish): string {
  return JSON.stringify([format, max_rate ?? 0, assets === undefined ? null : [...assets].sort()]);
}

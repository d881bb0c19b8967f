/** Kinds of condition that look at an asset as a whole. */
const ASSET_KINDS: ReadonlySet<string> = new Set(["health", "remaining_life"]);

/** Whether a rule's condition is the asset's and not one sensor's: a rule of it names no sensor. */
export function isOfAsset(kind: string): boolean {
  return ASSET_KINDS.has(kind);
}

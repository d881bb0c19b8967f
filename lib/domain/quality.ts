/** How far a reading can be trusted, as its sensor says. */
export const QUALITIES = ["good", "uncertain", "bad"] as const;
export type Quality = (typeof QUALITIES)[number];

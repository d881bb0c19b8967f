/** An alert is set aside for a while, not for good. */
export const FURTHEST_SHELF_S = 30 * 24 * 3_600;

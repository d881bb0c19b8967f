import { type EwmaState, initialState, stepEwma } from "./health-ewma.ts";
import { decodeEwma, encodeEwma } from "./health-ewma-codec.ts";
import type { HealthModel } from "./health-model.ts";

/** The model that judges every asset where no trained one is installed: it needs nothing but the asset's early life. */
export const baselineHealthModel: HealthModel<EwmaState> = {
  id: "ewma-t2/2",
  initial: initialState,
  step: stepEwma,
  encode: encodeEwma,
  decode: decodeEwma,
};

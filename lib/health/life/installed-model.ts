import type { LifeUnit } from "../../domain/health.ts";
import { LifeModel } from "./life-model.ts";
import { type ModelFile, modelId } from "./model-file.ts";

const HOUR_MS = 3_600_000;

/** A model that judges the assets of a type. */
export interface InstalledModel {
  id: string;
  unit: LifeUnit;
  /** What one time step is in the unit of life. */
  unit_per_step: number;
  /** Decimal places of a life in its unit: a tenth of a step is told apart. */
  digits: number;
  model: LifeModel;
}

/** @throws ForesightError `invalid_request` where the file's matrices cannot be used */
export function installModel(file: ModelFile): InstalledModel {
  const { unit, step_ms } = file.parameters;
  const unit_per_step = unit === "hours" && step_ms !== null ? step_ms / HOUR_MS : 1;
  return {
    id: modelId(file),
    unit,
    unit_per_step,
    digits: unit === "hours" ? Math.max(3, Math.ceil(1 - Math.log10(unit_per_step))) : 1,
    model: new LifeModel(file.parameters),
  };
}

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
  model: LifeModel;
}

/** @throws ForesightError `invalid_request` where the file's matrices cannot be used */
export function installModel(file: ModelFile): InstalledModel {
  const { unit, step_ms } = file.parameters;
  return {
    id: modelId(file),
    unit,
    unit_per_step: unit === "hours" && step_ms !== null ? step_ms / HOUR_MS : 1,
    model: new LifeModel(file.parameters),
  };
}

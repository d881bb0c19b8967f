import { MODEL_VERSION, sealModel } from "../../../health/life/model-file.ts";
import { lifeFigures } from "../../../health/training/metrics.ts";
import { type TrainingOptions, trainLife } from "../../../health/training/train-life.ts";
import type { TrainingSet } from "../../../health/training/training-run.ts";
import { countOfAsset, type TrainReport } from "./train-report.ts";

/** What a model file says of itself besides what was learned. */
export interface ModelOrigin {
  name: string;
  asset_type: string;
  source: string;
  source_sha256: string;
  readings: number;
  rejected: number;
  command: string;
}

/** Learns a model and judges it by cross-validation: the file and its report. Deterministic. */
export function trainModel(set: TrainingSet, options: TrainingOptions, origin: ModelOrigin): TrainReport {
  const { seed, folds } = options;
  const { name, asset_type, rejected, ...provenance } = origin;
  const trained = trainLife(set, options);
  const held_out = countOfAsset(trained.held_out);
  const figures = lifeFigures(held_out);
  const one_an_asset = lifeFigures(held_out.map((row) => ({ ...row, weight: 1 / row.of_asset })));
  const file = sealModel({
    format: "foresight-life-model",
    version: MODEL_VERSION,
    name,
    asset_types: [asset_type],
    summary: {
      assets: set.runs.length,
      steps: trained.held_out.length,
      rmse: figures.rmse,
      nasa_per_asset: one_an_asset.nasa / set.runs.length,
      coverage: one_an_asset.coverage,
      regimes: trained.parameters.normalisation.regimes.centers.length,
    },
    provenance: { ...provenance, seed, folds },
    parameters: trained.parameters,
  });
  return {
    file,
    held_out,
    figures,
    one_an_asset,
    mid_life: lifeFigures(trained.held_out_in_mid_life),
    without: trained.without,
    with_all: trained.with_all,
    rejected,
  };
}

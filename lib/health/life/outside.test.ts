import { expect, it } from "vitest";
import { TRAINING, wearingFleet } from "../testing.ts";
import { trainLife } from "../training/train-life.ts";
import { LifeModel } from "./life-model.ts";

it("[R-8.46] the life is withheld far outside the training data, however far those went", () => {
  const { parameters } = trainLife(wearingFleet(6, { seed: 2 }), { ...TRAINING, folds: 2 });
  const stranger = wearingFleet(1, { seed: 9 }).runs[0]!;
  for (const farthest of [2, 6, 8, 12, 40]) {
    const model = new LifeModel({ ...parameters, farthest: parameters.farthest.map(() => farthest) });
    const state = model.initial();
    const told = stranger.frames.slice(0, 40).map(({ timestamp, values }) =>
      model.take(
        state,
        timestamp,
        values.map((value) => value + 500),
      ),
    );
    expect(told.at(-1)).toMatchObject({
      rul: null,
      reason: expect.stringMatching(/^outside the model's training data: /),
    });
  }
}, 60_000);

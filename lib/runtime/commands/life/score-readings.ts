import { baselineHealthModel } from "../../../domain/baseline-health-model.ts";
import type { HealthScore } from "../../../domain/health.ts";
import type { EwmaState } from "../../../domain/health-ewma.ts";
import type { Reading } from "../../../domain/reading.ts";
import type { Rule } from "../../../domain/rule.ts";
import type { InstalledModel } from "../../../health/life/installed-model.ts";
import { type AssetState, newAsset } from "../../../processor/asset-state.ts";
import type { Effects } from "../../../processor/effects.ts";
import { closeFrame, type Judges, judge, type ReadingPlace } from "../../../processor/judge.ts";

/** A score with how many time steps its asset had been seen for. */
export type Scored = HealthScore & { cycle: number };

/** Asks for the anomaly of every sensor and never raises an alert, since none is above 1. */
const EVERY_SENSOR: Rule = {
  id: "anomaly",
  title: "Anomaly",
  enabled: true,
  severity: "info",
  condition: { kind: "anomaly", limit: 1 },
  hysteresis: 0,
  delay_s: 0,
};

/** Who hears of what is told. */
export interface ScoreSink {
  score?(scored: Scored): void;
  /** Of each reading that is judged: neither bad nor late nor a repetition. */
  anomaly?(reading: Reading, anomaly: number): void;
}

/**
 * The live code over readings of a file: what the processor would tell after each. `finish` closes the frames that
 * still wait for a later reading.
 */
export class ReadingScorer {
  private readonly assets = new Map<string, AssetState<EwmaState>>();
  private readonly cycles = new Map<string, number>();
  private readonly effects: Effects;
  private offset = 0;
  private readonly judges: Judges;

  /** @param installed judges every asset, whatever its type */
  constructor(installed: InstalledModel | undefined, { score: emit, anomaly }: ScoreSink) {
    this.judges = { rules: anomaly === undefined ? [] : [EVERY_SENSOR], models: { get: () => installed } };
    this.effects = {
      command: () => undefined,
      unconvertible: () => undefined,
      health: (score) => {
        const cycle = (this.cycles.get(score.asset_id) ?? 0) + 1;
        this.cycles.set(score.asset_id, cycle);
        emit?.({ ...score, cycle });
      },
      ...(anomaly && { anomaly }),
    };
  }

  take(reading: Reading): void {
    let asset = this.assets.get(reading.asset_id);
    if (asset === undefined) {
      asset = newAsset(reading, 0, baselineHealthModel.initial);
      this.assets.set(reading.asset_id, asset);
    }
    judge(asset, reading, this.place(reading.timestamp), this.judges, baselineHealthModel, this.effects);
    this.offset++;
  }

  finish(): void {
    for (const asset of this.assets.values())
      closeFrame(asset, this.place(0), this.judges, baselineHealthModel, this.effects);
  }

  private place(received_at: number): ReadingPlace {
    return { tenant_id: "", partition: 0, offset: this.offset, received_at };
  }
}

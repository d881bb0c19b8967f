import type { HealthScore } from "../domain/health.ts";
import { apportion } from "../domain/health-evidence.ts";
import { applyConversion } from "../domain/units.ts";
import type { InstalledModel } from "../health/life/installed-model.ts";
import { decodeLife, encodeLife } from "../health/life/life-codec.ts";
import { ageDoubt } from "../health/life/life-model.ts";
import type { LifeState } from "../health/life/life-stepper.ts";
import { type Match, matchSensor } from "../health/life/match-sensors.ts";

/** A sensor of an asset, with the unit that its values come in. */
interface OwnSensor {
  sensor_id: string;
  sensor_type: string;
  health_unit: string;
}

/** The remaining life of one asset, as one model judges it. */
export interface AssetLife {
  model_id: string;
  state: LifeState;
  /** By the asset's sensor number: what it is to the model (`null`: nothing). Derived, never saved. */
  matches: (Match | null)[];
  /** The unit that each match was made for. */
  units: string[];
  /** Values by the model's sensors, used again at each frame. */
  values: Float64Array;
  /** Rows of the model that a sensor of an asset fills. */
  taken: Set<number>;
  /** What the last told life comes from; derived, never saved. It holds until the next time step. */
  evidence?: Evidence;
}

/** An asset's remaining life as saved: its model and that model's state. */
export interface SavedLife {
  model_id: string;
  bytes: Uint8Array;
}

export function newLife(installed: InstalledModel, state = installed.model.initial()): AssetLife {
  return {
    model_id: installed.id,
    state,
    matches: [],
    units: [],
    values: new Float64Array(installed.model.parameters.normalisation.sensors.length),
    taken: new Set(),
  };
}

export function saveLife({ model_id, state }: AssetLife): SavedLife {
  return { model_id, bytes: encodeLife(state) };
}

/** @throws ForesightError `invalid_request` where the bytes are no state of this model */
export function restoreLife({ bytes }: SavedLife, installed: InstalledModel): AssetLife {
  return newLife(installed, decodeLife(bytes, installed.model.stepper.size));
}

type LifeFields = Required<
  Pick<HealthScore, "rul" | "rul_low" | "rul_high" | "rul_unit" | "rul_most" | "model">
> &
  Partial<Evidence>;

type Evidence = Required<Pick<HealthScore, "rul_as_new" | "rul_by_age" | "rul_evidence">>;

/** What is told of an asset's remaining life after a frame; `steps` for the level of risk and the rules. */
export interface JudgedLife {
  fields: LifeFields;
  /** Why the life is withheld, or that it is told in doubt of the asset's age. */
  reason?: string;
  /** Remaining time steps; `undefined` where they are withheld. */
  steps?: number;
  /** Whether a time step was completed with this frame. */
  stepped: boolean;
}

/** @param values of a frame by the asset's sensor number, in each sensor's `health_unit` */
export function judgeLife(
  asset_id: string,
  life: AssetLife,
  installed: InstalledModel,
  sensors: readonly OwnSensor[],
  frame: { timestamp: number; values: readonly (number | undefined)[] },
): JudgedLife {
  const { values, state } = life;
  values.fill(Number.NaN);
  for (let number = 0; number < frame.values.length; number++) {
    const value = frame.values[number];
    if (value === undefined) continue;
    const match = matchOf(asset_id, life, installed, sensors[number]!, number);
    if (match !== null) values[match.model] = applyConversion(value, match.convert);
  }
  const before = state.age;
  const told = installed.model.take(state, frame.timestamp, values);
  const inUnit = (steps: number) => unitsOf(steps, installed) / perUnit(installed);
  const rul_most = inUnit(installed.model.parameters.cap);
  const unit = { rul_unit: installed.unit, rul_most, model: installed.id };
  const stepped = state.age !== before;
  if (stepped) life.evidence = undefined;
  if (told.rul === null)
    return { fields: { rul: null, rul_low: null, rul_high: null, ...unit }, reason: told.reason, stepped };
  life.evidence ??= evidenceOf(life, installed, sensors, told.rul);
  const doubt = ageDoubt(told.born);
  return {
    fields: {
      rul: inUnit(told.rul),
      rul_low: inUnit(told.low),
      rul_high: inUnit(told.high),
      ...unit,
      ...life.evidence,
    },
    ...(doubt !== undefined && { reason: doubt }),
    steps: told.rul,
    stepped,
  };
}

/** What the life comes from, in the least units that it is told in, so that the sum holds to the last digit. */
function evidenceOf(
  life: AssetLife,
  installed: InstalledModel,
  sensors: readonly OwnSensor[],
  rul: number,
): Evidence {
  const { condition } = installed.model.parameters.normalisation;
  const own = new Map(
    life.matches.flatMap((match, number) => (match ? [[match.model, sensors[number]!.sensor_id]] : [])),
  );
  const ids = condition.map((sensor) => own.get(sensor));
  const explained = installed.model.explain(
    life.state,
    ids.map((id) => id !== undefined),
  );
  const as_new = unitsOf(explained.as_new, installed);
  const known = ids.flatMap((sensor_id, i) => (sensor_id === undefined ? [] : [{ sensor_id, i }]));
  const [by_age, ...by_sensor] = apportion(
    unitsOf(rul, installed) - as_new,
    [explained.by_age, ...known.map(({ i }) => explained.by_sensor[i]!)].map(
      (steps) => steps * installed.unit_per_step * perUnit(installed),
    ),
  );
  return {
    rul_as_new: as_new / perUnit(installed),
    rul_by_age: by_age! / perUnit(installed),
    rul_evidence: known
      .map(({ sensor_id }, k) => ({ sensor_id, rul: by_sensor[k]! / perUnit(installed) }))
      .filter(({ rul }) => rul !== 0)
      .sort((a, b) => a.rul - b.rul),
  };
}

function matchOf(
  asset_id: string,
  life: AssetLife,
  installed: InstalledModel,
  sensor: OwnSensor,
  number: number,
): Match | null {
  const { matches, units, taken } = life;
  const known = matches[number];
  if (known !== undefined && units[number] === sensor.health_unit) return known;
  const { sensor_id, sensor_type, health_unit: unit } = sensor;
  const { sensors } = installed.model.parameters.normalisation;
  const match = matchSensor(asset_id, { sensor_id, sensor_type, unit }, sensors);
  // Two sensors are never one and the same to the model: the first stays.
  const free = match !== undefined && !taken.has(match.model) ? match : null;
  if (free !== null) {
    taken.add(free.model);
    life.evidence = undefined;
  }
  matches[number] = free;
  units[number] = sensor.health_unit;
  return free;
}

/** Lives are told in tenths of a cycle, and in thousandths of an hour or finer where a time step is. */
function perUnit({ digits }: InstalledModel): number {
  return 10 ** digits;
}

function unitsOf(steps: number, installed: InstalledModel): number {
  return Math.round(steps * installed.unit_per_step * perUnit(installed));
}

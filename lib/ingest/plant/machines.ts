/**
 * The three kinds of machine of the generated plant. Nominal values and limits are those of the rules that are
 * present from the start; the coefficients are chosen so that healthy operation (every load, day and night, a
 * worn but sound machine, six standard deviations of noise) stays inside the warning limits.
 */
export interface SensorModel {
  /** Ends the sensor's id: `PUMP-001-TEMP`. */
  suffix: string;
  sensor_type: string;
  unit: string;
  nominal: number;
  /** Change at a relative load of +1 (a load of 1.05 gives 5 % of it). */
  load: number;
  /** Amplitude of the daily cycle of the surroundings. */
  ambient: number;
  /** Change over a whole life of ordinary wear. */
  wear: number;
  /** Standard deviation of the AR(1) noise. */
  noise: number;
  /** Digits after the decimal point, as the instrument shows them. */
  digits: number;
  /** Lower bound of what the instrument can show. */
  least: number;
}

/** What a fault adds to each sensor at the moment of failure, in the sensor's unit. */
export interface FaultModel {
  kind: string;
  effects: Record<string, number>;
  /** Steepness of the growth: the effect is (e^(kp) − 1)/(e^k − 1) of the whole at progress p from 0 to 1. */
  steepness: number;
}

export interface MachineModel {
  asset_type: string;
  prefix: string;
  sensors: SensorModel[];
  faults: FaultModel[];
}

const sensor = (
  suffix: string,
  sensor_type: string,
  unit: string,
  [nominal, load, ambient, wear, noise]: [number, number, number, number, number],
  digits = 2,
): SensorModel => ({
  suffix,
  sensor_type,
  unit,
  nominal,
  load,
  ambient,
  wear,
  noise,
  digits,
  least: 0,
});

const PUMP: MachineModel = {
  asset_type: "pump",
  prefix: "PUMP",
  sensors: [
    sensor("TEMP", "temperature", "celsius", [65, 30, 2.5, 2, 0.4]),
    sensor("VIB", "vibration", "mm/s", [2.3, 2, 0, 0.3, 0.12], 3),
    sensor("PRES", "pressure", "bar", [6, 3, 0, -0.2, 0.05], 3),
    sensor("FLOW", "flow", "m3/h", [210, 190, 0, -4, 1.2], 1),
    sensor("SPEED", "speed", "rpm", [1480, -60, 0, 0, 1.2], 1),
    sensor("CURR", "current", "A", [42, 40, 0, 0.8, 0.3]),
  ],
  faults: [
    { kind: "bearing_wear", effects: { VIB: 7, TEMP: 21, CURR: 2 }, steepness: 2.5 },
    { kind: "cavitation", effects: { PRES: -2.9, FLOW: -95, VIB: 1.5 }, steepness: 2 },
    { kind: "seal_leak", effects: { PRES: -2.8, FLOW: -90, CURR: -3 }, steepness: 1.5 },
  ],
};

const MOTOR: MachineModel = {
  asset_type: "motor",
  prefix: "MOTOR",
  sensors: [
    sensor("TEMP", "temperature", "celsius", [70, 45, 3, 3, 0.5]),
    sensor("VIB", "vibration", "mm/s", [1.8, 1.5, 0, 0.3, 0.1], 3),
    sensor("SPEED", "speed", "rpm", [1480, -70, 0, 0, 1], 1),
    sensor("CURR", "current", "A", [60, 58, 0, 1, 0.4]),
  ],
  faults: [
    { kind: "winding_overheating", effects: { TEMP: 54, CURR: 27, SPEED: -8 }, steepness: 2 },
    { kind: "bearing_wear", effects: { VIB: 7.4, TEMP: 20 }, steepness: 2.5 },
    { kind: "rotor_imbalance", effects: { VIB: 7.2, SPEED: -4 }, steepness: 1.5 },
  ],
};

const COMPRESSOR: MachineModel = {
  asset_type: "compressor",
  prefix: "COMP",
  sensors: [
    sensor("TEMP", "temperature", "celsius", [85, 50, 3, 3, 0.5]),
    sensor("VIB", "vibration", "mm/s", [3, 3, 0, 0.4, 0.15], 3),
    sensor("PRES", "pressure", "bar", [8, 3, 0, -0.2, 0.06], 3),
    sensor("FLOW", "flow", "m3/h", [340, 300, 0, -6, 2], 1),
    sensor("SPEED", "speed", "rpm", [2950, -90, 0, 0, 1.5], 1),
    sensor("CURR", "current", "A", [95, 85, 0, 2, 0.5]),
  ],
  faults: [
    { kind: "valve_leak", effects: { PRES: -3.2, TEMP: 44, FLOW: -110 }, steepness: 2 },
    { kind: "bearing_wear", effects: { VIB: 11, TEMP: 18, CURR: 6 }, steepness: 2.5 },
    { kind: "cooler_fouling", effects: { TEMP: 46, CURR: 42, PRES: 0.9 }, steepness: 1.8 },
  ],
};

/** Assets are of these kinds in turn. */
export const MACHINES: readonly MachineModel[] = [PUMP, MOTOR, COMPRESSOR];

export interface PlantAsset {
  asset_id: string;
  model: MachineModel;
}

/** `PUMP-001, MOTOR-001, COMP-001, PUMP-002 …` */
export function plantAssets(count: number): PlantAsset[] {
  return Array.from({ length: count }, (_, index) => {
    const model = MACHINES[index % MACHINES.length]!;
    const number = Math.floor(index / MACHINES.length) + 1;
    return { asset_id: `${model.prefix}-${String(number).padStart(3, "0")}`, model };
  });
}

/** Share of a fault's whole effect that is there at `progress` (0 begins, 1 fails). */
export function faultGrowth(fault: FaultModel, progress: number): number {
  const p = Math.min(1, Math.max(0, progress));
  return Math.expm1(fault.steepness * p) / Math.expm1(fault.steepness);
}

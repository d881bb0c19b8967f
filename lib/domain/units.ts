/**
 * Units of measurement and their linear conversion within a quantity. Factors are exact by definition (NIST SP 811,
 * appendix B) or follow from such. Gauge pressure is a quantity of its own: without the surroundings' pressure it
 * cannot be made absolute.
 */
interface Unit {
  quantity: string;
  /** value × factor + offset = value in the quantity's base unit */
  factor: number;
  offset: number;
  symbol: string;
}

const UNITS: Record<string, [quantity: string, factor: number, symbol: string, offset?: number]> = {
  "kelvin|k|degk|°k|kelvins": ["temperature", 1, "K"],
  "celsius|c|degc|°c|deg c|degree celsius|degrees celsius|deg_c|cel|℃": ["temperature", 1, "°C", 273.15],
  "fahrenheit|f|degf|°f|deg f|degree fahrenheit|degrees fahrenheit|deg_f|℉": [
    "temperature",
    5 / 9,
    "°F",
    459.67 * (5 / 9),
  ],
  "rankine|r|degr|°r|deg r|degrees rankine|deg_r|°ra|degree rankine": ["temperature", 5 / 9, "°R"],

  "pascal|Pa|pascals|n/m2": ["pressure", 1, "Pa"],
  "hectopascal|hPa": ["pressure", 100, "hPa"],
  "kilopascal|kPa|kpaa": ["pressure", 1e3, "kPa"],
  "megapascal|MPa": ["pressure", 1e6, "MPa"],
  "bar|bara|bar(a)|bars": ["pressure", 1e5, "bar"],
  "millibar|mbar": ["pressure", 100, "mbar"],
  "psi|lbf/in2|pounds per square inch": ["pressure", 6894.757293168, "psi"],
  "psia|psi(a)": ["pressure", 6894.757293168, "psia"],
  "atm|atmosphere|atmospheres": ["pressure", 101_325, "atm"],
  "torr|mmhg": ["pressure", 101_325 / 760, "Torr"],
  "barg|bar(g)": ["gauge pressure", 1e5, "barg"],
  "kpag|kpa(g)": ["gauge pressure", 1e3, "kPag"],
  "psig|psi(g)": ["gauge pressure", 6894.757293168, "psig"],

  "rpm|r/min|rev/min|1/min|min-1|revolutions per minute": ["rotation", 1 / 60, "rpm"],
  "hz|hertz|rps|r/s|rev/s|1/s|s-1": ["rotation", 1, "Hz"],
  "khz|kilohertz": ["rotation", 1e3, "kHz"],
  "rad/s|radians per second": ["rotation", 1 / (2 * Math.PI), "rad/s"],

  "m/s|mps|metres per second|meters per second": ["velocity", 1, "m/s"],
  "mm/s|mm/sec|millimetres per second|millimeters per second|mm_s|mm_per_s": ["velocity", 1e-3, "mm/s"],
  "in/s|ips|in/sec|inches per second": ["velocity", 0.0254, "in/s"],
  "ft/s|fps|feet per second": ["velocity", 0.3048, "ft/s"],
  "km/h|kmh|kph": ["velocity", 1 / 3.6, "km/h"],

  "m/s2|m/s²|m/s^2": ["acceleration", 1, "m/s²"],
  "g|gn|g_n": ["acceleration", 9.80665, "g"],

  "m3/s|m³/s|m^3/s": ["volume flow", 1, "m³/s"],
  "m3/h|m³/h|m^3/h|m3/hr|m³/hr|cmh|cubic metres per hour|m3_h": ["volume flow", 1 / 3600, "m³/h"],
  "l/min|lpm|litres per minute|liters per minute": ["volume flow", 1e-3 / 60, "l/min"],
  "l/s|lps|litres per second|liters per second": ["volume flow", 1e-3, "l/s"],
  "l/h|lph": ["volume flow", 1e-3 / 3600, "l/h"],
  "gpm|gal/min|us gpm|usgpm|gallons per minute": ["volume flow", 0.003785411784 / 60, "gpm"],
  "cfm|ft3/min|ft³/min": ["volume flow", 0.028316846592 / 60, "cfm"],

  "kg/s": ["mass flow", 1, "kg/s"],
  "kg/h|kg/hr": ["mass flow", 1 / 3600, "kg/h"],
  "lbm/s|lb/s|pps": ["mass flow", 0.45359237, "lbm/s"],
  "lbm/h|lb/h|pph|lb/hr": ["mass flow", 0.45359237 / 3600, "lbm/h"],

  "a|amp|amps|ampere|amperes": ["current", 1, "A"],
  "mA|milliamp|milliamps|milliampere": ["current", 1e-3, "mA"],
  "kA|kiloampere": ["current", 1e3, "kA"],
  "v|volt|volts": ["voltage", 1, "V"],
  "mV|millivolt|millivolts": ["voltage", 1e-3, "mV"],
  "kV|kilovolt|kilovolts": ["voltage", 1e3, "kV"],
  "w|watt|watts": ["power", 1, "W"],
  "kW|kilowatt|kilowatts": ["power", 1e3, "kW"],
  "MW|megawatt|megawatts": ["power", 1e6, "MW"],
  "mW|milliwatt|milliwatts": ["power", 1e-3, "mW"],
  "hp|horsepower": ["power", 745.6998715822702, "hp"],
  "nm|n·m|newton metre|n m": ["torque", 1, "N·m"],
  "lbf·ft|lbf ft|ft·lbf|ft-lb": ["torque", 1.3558179483314003, "lbf·ft"],

  "m|metre|metres|meter|meters": ["length", 1, "m"],
  "mm|millimetre|millimetres|millimeter|millimeters": ["length", 1e-3, "mm"],
  "cm|centimetre|centimeter": ["length", 1e-2, "cm"],
  "um|µm|μm|micron|microns|micrometre|micrometer": ["length", 1e-6, "µm"],
  "mil|mils|thou": ["length", 2.54e-5, "mil"],
  "in|inch|inches": ["length", 0.0254, "in"],
  "ft|foot|feet": ["length", 0.3048, "ft"],
  "kft|kilofeet": ["length", 304.8, "kft"],
  "km|kilometre|kilometer": ["length", 1e3, "km"],

  "ratio|dimensionless|1|-|--|none|unitless": ["ratio", 1, ""],
  "percent|%|pct|per cent": ["ratio", 1e-2, "%"],
  ppm: ["ratio", 1e-6, "ppm"],

  "deg|degree|degrees|°": ["angle", Math.PI / 180, "°"],
  "rad|radian|radians": ["angle", 1, "rad"],

  "s|sec|second|seconds": ["time", 1, "s"],
  "ms|millisecond|milliseconds": ["time", 1e-3, "ms"],
  "min|minute|minutes": ["time", 60, "min"],
  "h|hr|hour|hours": ["time", 3600, "h"],
};

const EXACT = new Map<string, Unit>();
const FOLDED = new Map<string, Unit | "ambiguous">();
/** Quantity → its units, each by the first of its names. */
const BY_QUANTITY = new Map<string, string[]>();
for (const [names, [quantity, factor, symbol, offset = 0]] of Object.entries(UNITS)) {
  const unit: Unit = { quantity, factor, offset, symbol };
  const all = names.split("|");
  BY_QUANTITY.set(quantity, [...(BY_QUANTITY.get(quantity) ?? []), all[0]!]);
  for (const name of all) {
    EXACT.set(name, unit);
    const folded = name.toLowerCase();
    // `MW` and `mW` differ only in case: such a name counts only as it is written.
    const held = FOLDED.get(folded);
    FOLDED.set(folded, held === undefined || held === unit ? unit : "ambiguous");
  }
}

function find(name: string): Unit | undefined {
  const trimmed = name.trim();
  const exact = EXACT.get(trimmed);
  if (exact !== undefined) return exact;
  const folded = FOLDED.get(trimmed.toLowerCase());
  return folded === "ambiguous" ? undefined : folded;
}

/** `to = from × scale + offset` */
export interface Conversion {
  scale: number;
  offset: number;
}

const SAME: Conversion = { scale: 1, offset: 0 };

/** How values of one unit become values of another; `undefined` where they cannot. A unit becomes itself even where it is unknown. */
export function conversion(from: string, to: string): Conversion | undefined {
  if (from === to) return SAME;
  const [a, b] = [find(from), find(to)];
  if (a === undefined || b === undefined)
    return from.trim().toLowerCase() === to.trim().toLowerCase() && a === b ? SAME : undefined;
  if (a === b) return SAME;
  if (a.quantity !== b.quantity) return undefined;
  return { scale: a.factor / b.factor, offset: (a.offset - b.offset) / b.factor };
}

/** Applies a conversion; results keep 12 digits, so that 176 °F is 80 °C and not a trace above it. */
export function applyConversion(value: number, { scale, offset }: Conversion): number {
  if (scale === 1 && offset === 0) return value;
  return Number((value * scale + offset).toPrecision(12));
}

/** @returns the value in unit `to`, or `undefined` where it cannot be converted (another quantity, unknown unit) */
export function convert(value: number, from: string, to: string): number | undefined {
  const how = conversion(from, to);
  return how && applyConversion(value, how);
}

/** Converts a difference (hysteresis, rate): without the offset between the scales. */
export function convertDelta(delta: number, from: string, to: string): number | undefined {
  const how = conversion(from, to);
  return how && applyConversion(delta, { scale: how.scale, offset: 0 });
}

/** `celsius/s` → `celsius`; `undefined` for what is a unit by itself (`m/s`) and for what is no rate of a known unit. */
export function unitOfRate(unit: string): string | undefined {
  const base = unit.endsWith("/s") && find(unit) === undefined ? unit.slice(0, -2) : undefined;
  return base !== undefined && find(base) !== undefined ? base : undefined;
}

/** A unit as people read it: `celsius` → `°C`, `celsius/s` → `°C/s`; an unknown one as it is given. */
export function unitSymbol(unit: string): string {
  const known = find(unit)?.symbol;
  if (known !== undefined) return known;
  const base = unitOfRate(unit);
  return base === undefined ? unit.trim() : `${find(base)!.symbol}/s`;
}

/** The quantity that a unit measures, such as `temperature`, or `undefined` for an unknown unit. */
export function quantityOf(unit: string): string | undefined {
  return find(unit)?.quantity;
}

/** The units of a quantity, each by one name that `conversion` takes. */
export function unitsOf(quantity: string): readonly string[] {
  return BY_QUANTITY.get(quantity) ?? [];
}

/** Quantities whose unit people may choose. Durations are not: they are said in the unit that fits their length. */
export const CHOOSABLE_QUANTITIES: readonly string[] = [...BY_QUANTITY.keys()].filter(
  (quantity) => quantity !== "time",
);

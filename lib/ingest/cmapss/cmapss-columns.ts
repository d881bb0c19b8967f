/**
 * The columns of a C-MAPSS file after unit and cycle, in the file's order: symbol, kind of quantity, unit.
 * After A. Saxena, K. Goebel, D. Simon, N. Eklund, "Damage Propagation Modeling for Aircraft Engine Run-to-Failure
 * Simulation", International Conference on Prognostics and Health Management, 2008, table 2. Units are those of
 * the file, with these corrections of what the paper says: altitude is in thousands of feet, the demanded
 * corrected fan speed holds percent (the paper: rpm), throttle has no unit in the paper (an angle).
 */
export interface CmapssColumn {
  symbol: string;
  description: string;
  sensor_type: string;
  unit: string;
}

const column = (symbol: string, sensor_type: string, unit: string, description: string): CmapssColumn => ({
  symbol,
  description,
  sensor_type,
  unit,
});

export const CMAPSS_COLUMNS: readonly CmapssColumn[] = [
  column("ALT", "altitude", "kft", "Flight altitude (operational setting 1)"),
  column("MACH", "mach", "Mach", "Flight Mach number (operational setting 2)"),
  column("TRA", "throttle", "deg", "Throttle resolver angle (operational setting 3)"),
  column("T2", "temperature", "rankine", "Total temperature at fan inlet"),
  column("T24", "temperature", "rankine", "Total temperature at LPC outlet"),
  column("T30", "temperature", "rankine", "Total temperature at HPC outlet"),
  column("T50", "temperature", "rankine", "Total temperature at LPT outlet"),
  column("P2", "pressure", "psia", "Pressure at fan inlet"),
  column("P15", "pressure", "psia", "Total pressure in bypass-duct"),
  column("P30", "pressure", "psia", "Total pressure at HPC outlet"),
  column("Nf", "rotational_speed", "rpm", "Physical fan speed"),
  column("Nc", "rotational_speed", "rpm", "Physical core speed"),
  column("epr", "ratio", "ratio", "Engine pressure ratio (P50/P2)"),
  column("Ps30", "pressure", "psia", "Static pressure at HPC outlet"),
  column("phi", "fuel_flow_ratio", "pps/psi", "Ratio of fuel flow to Ps30"),
  column("NRf", "rotational_speed", "rpm", "Corrected fan speed"),
  column("NRc", "rotational_speed", "rpm", "Corrected core speed"),
  column("BPR", "ratio", "ratio", "Bypass ratio"),
  column("farB", "ratio", "ratio", "Burner fuel-air ratio"),
  column("htBleed", "enthalpy", "dimensionless", "Bleed enthalpy"),
  column("Nf_dmd", "setpoint", "rpm", "Demanded fan speed"),
  column("PCNfR_dmd", "setpoint", "percent", "Demanded corrected fan speed"),
  column("W31", "mass_flow", "lbm/s", "HPT coolant bleed"),
  column("W32", "mass_flow", "lbm/s", "LPT coolant bleed"),
];

/** Unit, cycle, three settings, 21 sensors. */
export const CMAPSS_WIDTH = 2 + CMAPSS_COLUMNS.length;

/** The part of a sensor's id that its asset's id does not say already: ENGINE-069-T50 of ENGINE-069 is T50. */
export function sensorName(asset_id: string, sensor_id: string): string {
  if (!sensor_id.startsWith(asset_id) || sensor_id.length === asset_id.length) return sensor_id;
  const rest = sensor_id.slice(asset_id.length).replace(/^[-_.:/ ]+/, "");
  return rest === "" ? sensor_id : rest;
}

/** "low_pressure_turbine" → "Low pressure turbine" */
export function inWords(type: string): string {
  const words = type.replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

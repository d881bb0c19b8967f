/** Everything that turns what the house holds into what travels, and back. Runs in the browser too. */
export { toAsciiJson } from "./ascii-json.ts";
export { type BinaryBatch, decodeBinaryBatch, encodeBinaryBatch } from "./binary-batch.ts";
export { type BatchHeader, decodeSensorBatch, encodeSensorBatch } from "./sensor-batch.ts";
export { SensorUpdateEncoder } from "./sensor-update.ts";
export * from "./wire.ts";

import type { WireHealth } from "../../../lib/protocol/messages.ts";

/** Less than this rounds to nothing. */
const LEAST = 0.5;

/** One sensor with what it takes of life (in the unit of the life) and of health (in points). */
export interface EvidenceRow {
  sensor_id: string;
  life: number | undefined;
  points: number;
}

/** What takes most, and what the rest of it comes to. */
export interface EvidenceRows {
  shown: EvidenceRow[];
  /** Sensors that take little, or give. */
  others: number;
  /** What they come to together, in the unit of the life; `undefined` where no model tells the life. */
  others_life: number | undefined;
}

/** By what each takes of the remaining life where that is known, for it is what the risk follows; else of health. */
export function evidenceRows(
  { evidence, rul, rul_evidence }: Pick<WireHealth, "evidence" | "rul" | "rul_evidence">,
  most: number,
): EvidenceRows {
  if (rul == null || rul_evidence === undefined) {
    const shown = evidence.filter((one) => one.points >= LEAST).slice(0, most);
    return {
      shown: shown.map((one) => ({ ...one, life: undefined })),
      others: evidence.length - shown.length,
      others_life: undefined,
    };
  }
  const points = new Map(evidence.map((one) => [one.sensor_id, one.points]));
  const lives = new Map(rul_evidence.map((one) => [one.sensor_id, one.rul]));
  const rows = [...new Set([...lives.keys(), ...points.keys()])].map((sensor_id) => ({
    sensor_id,
    life: lives.get(sensor_id) ?? 0,
    points: points.get(sensor_id) ?? 0,
  }));
  const shown = rows
    .filter((row) => row.life <= -LEAST || row.points >= LEAST)
    .sort((a, b) => a.life - b.life || b.points - a.points)
    .slice(0, most);
  const others = rows.filter((row) => !shown.includes(row));
  return { shown, others: others.length, others_life: others.reduce((sum, { life }) => sum + life, 0) };
}

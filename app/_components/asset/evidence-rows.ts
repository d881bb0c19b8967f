import type { WireHealth } from "../../../lib/protocol/messages.ts";

/** Less than this rounds to nothing. */
const LEAST = 0.5;

/** One sensor, or age, with what it takes of life (in the unit of the life) and of health (in points). */
export interface EvidenceRow {
  /** `undefined` is age. */
  sensor_id: string | undefined;
  life: number | undefined;
  points: number | undefined;
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
  {
    evidence,
    rul,
    rul_evidence,
    rul_by_age = 0,
  }: Pick<WireHealth, "evidence" | "rul" | "rul_evidence" | "rul_by_age">,
  most: number,
): EvidenceRows {
  const points = new Map(evidence.map((one) => [one.sensor_id, one.points]));
  if (rul == null || rul_evidence === undefined) {
    const shown = evidence.filter((one) => one.points >= LEAST).slice(0, most);
    return {
      shown: shown.map(({ sensor_id, points }) => ({ sensor_id, points, life: undefined })),
      others: evidence.length - shown.length,
      others_life: undefined,
    };
  }
  const life = new Map(rul_evidence.map((one) => [one.sensor_id, one.rul]));
  const rows = [...new Set([...life.keys(), ...points.keys()])].map(
    (sensor_id): EvidenceRow => ({
      sensor_id,
      life: life.get(sensor_id) ?? 0,
      points: points.get(sensor_id) ?? 0,
    }),
  );
  const shown = [...rows, { sensor_id: undefined, life: rul_by_age, points: undefined }]
    .filter((row) => row.life! <= -LEAST || (row.points ?? 0) >= LEAST)
    .sort((a, b) => a.life! - b.life! || (b.points ?? 0) - (a.points ?? 0))
    .slice(0, most);
  const taken = shown.reduce((sum, row) => sum + row.life!, 0);
  const all = rul_evidence.reduce((sum, one) => sum + one.rul, rul_by_age);
  const others = rows.filter((row) => !shown.includes(row));
  return { shown, others: others.length, others_life: Math.round((all - taken) * 1_000) / 1_000 };
}

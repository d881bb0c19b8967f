import { z } from "zod";
import type { EpochMs } from "./time.ts";
import { CHOOSABLE_QUANTITIES, quantityOf } from "./units.ts";

/** Whether the name stands in the IANA database as this program knows it; offsets such as `+01:00` are no zones. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, "expected a time zone of the IANA database, such as Europe/Berlin");

/** Quantity → the unit that its values are shown in, whatever unit they came in. */
export const unitChoiceSchema = z.record(z.string(), z.string().max(32)).superRefine((choice, ctx) => {
  for (const [quantity, unit] of Object.entries(choice)) {
    const message = !CHOOSABLE_QUANTITIES.includes(quantity)
      ? `no quantity whose unit can be chosen; expected one of ${CHOOSABLE_QUANTITIES.join(", ")}`
      : quantityOf(unit) !== quantity
        ? `${unit} is no unit of ${quantity}`
        : undefined;
    if (message !== undefined) ctx.addIssue({ code: "custom", message, path: [quantity] });
  }
});
export type UnitChoice = z.infer<typeof unitChoiceSchema>;

/** @returns the choice that a text of JSON holds; none where it is no choice, as one that a browser kept may be */
export function readUnitChoice(text: string | undefined): UnitChoice {
  try {
    return unitChoiceSchema.safeParse(JSON.parse(text ?? "{}")).data ?? {};
  } catch {
    return {};
  }
}

/** How a tenant's people read times and values. What is stored stays as it came. */
export const tenantSettingsSchema = z.strictObject({
  /** The plant's; `null`: each reader's own. */
  time_zone: timeZoneSchema.nullable(),
  units: unitChoiceSchema,
});
export type TenantSettings = z.infer<typeof tenantSettingsSchema>;

/** Settings with who changed them last; both absent where nobody ever did. */
export interface StoredSettings extends TenantSettings {
  changed_at?: EpochMs;
  changed_by?: string;
}

export const DEFAULT_SETTINGS: StoredSettings = { time_zone: null, units: {} };

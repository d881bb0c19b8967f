"use client";
import type { UnitChoice } from "../../../lib/domain/tenant-settings.ts";
import { usePlant } from "../frame/plant.tsx";
import { keepOwnUnits } from "../ui/own-units.ts";
import { Section } from "./section.tsx";
import { UnitTable } from "./unit-table.tsx";

/** The units that this person sees, whatever the plant's are. */
export function OwnUnits() {
  const { settings, own_units, showOwn } = usePlant();
  const change = (units: UnitChoice) => {
    keepOwnUnits(units);
    showOwn(units);
  };
  return (
    <Section
      id="own-units"
      title="Units for you"
      note="In place of the plant's, for you alone. Kept in this browser, shown at once."
    >
      <UnitTable
        label="Units for you"
        units={own_units}
        otherwise={settings.units}
        readOnly={false}
        onChange={change}
      />
    </Section>
  );
}

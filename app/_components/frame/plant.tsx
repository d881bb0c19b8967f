"use client";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { TenantSettings, UnitChoice } from "../../../lib/domain/tenant-settings.ts";
import { RealtimeProvider, UNITS_AS_THEY_COME } from "../../_realtime/index.ts";
import { setUnits } from "../ui/units.ts";
import { setZone } from "../ui/zone.ts";

interface Plant {
  settings: TenantSettings;
  /** Units that this person sees instead of the tenant's. */
  own_units: UnitChoice;
  /** All that are chosen, by whomever. */
  units: UnitChoice;
  /** Shows everything by other settings from now on; saving them is the caller's. */
  show: (settings: TenantSettings) => void;
  showOwn: (units: UnitChoice) => void;
}

const PlantContext = createContext<Plant | undefined>(undefined);

/**
 * The stream in the plant's units, and times by the plant's clock. The server renders for many tenants at once, so
 * there neither is set: times and values appear when the page has taken over.
 */
export function PlantProvider({
  settings: initial,
  own_units: initial_own,
  children,
}: {
  settings: TenantSettings;
  own_units: UnitChoice;
  children: ReactNode;
}) {
  const [settings, show] = useState(initial);
  const [own_units, showOwn] = useState(initial_own);
  const plant = useMemo(
    () => ({ settings, own_units, units: { ...settings.units, ...own_units }, show, showOwn }),
    [settings, own_units],
  );
  let units = UNITS_AS_THEY_COME;
  if (typeof window !== "undefined") {
    setZone(settings.time_zone ?? undefined);
    units = setUnits(plant.units);
  }
  return (
    <PlantContext value={plant}>
      <RealtimeProvider units={units}>{children}</RealtimeProvider>
    </PlantContext>
  );
}

export function usePlant(): Plant {
  const plant = useContext(PlantContext);
  if (plant === undefined) throw new Error("usePlant outside of PlantProvider");
  return plant;
}

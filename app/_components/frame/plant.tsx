"use client";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { TenantSettings } from "../../../lib/domain/tenant-settings.ts";
import { RealtimeProvider, UNITS_AS_THEY_COME } from "../../_realtime/index.ts";
import { setUnits } from "../ui/units.ts";
import { setZone } from "../ui/zone.ts";

interface Plant {
  settings: TenantSettings;
  /** Shows everything by other settings from now on; saving them is the caller's. */
  show: (settings: TenantSettings) => void;
}

const PlantContext = createContext<Plant | undefined>(undefined);

/**
 * The stream in the plant's units, and times by the plant's clock. The server renders for many tenants at once, so
 * there neither is set: times and values appear when the page has taken over.
 */
export function PlantProvider({
  settings: initial,
  children,
}: {
  settings: TenantSettings;
  children: ReactNode;
}) {
  const [settings, show] = useState(initial);
  let units = UNITS_AS_THEY_COME;
  if (typeof window !== "undefined") {
    setZone(settings.time_zone ?? undefined);
    units = setUnits(settings.units);
  }
  const plant = useMemo(() => ({ settings, show }), [settings]);
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

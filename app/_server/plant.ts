import { cookies } from "next/headers";
import { readUnitChoice, type TenantSettings, type UnitChoice } from "../../lib/domain/tenant-settings.ts";
import { runningApp } from "../../lib/runtime/handle.ts";
import { OWN_UNITS_COOKIE } from "../_components/ui/own-units.ts";

/** For server components: a tenant's settings, and the units that this browser shows instead of the tenant's. */
export async function plantOf(
  tenant_id: string,
): Promise<{ settings: TenantSettings; own_units: UnitChoice }> {
  const [{ time_zone, units }, kept] = await Promise.all([runningApp().store.settings(tenant_id), cookies()]);
  return { settings: { time_zone, units }, own_units: readUnitChoice(kept.get(OWN_UNITS_COOKIE)?.value) };
}

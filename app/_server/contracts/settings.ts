import { z } from "zod";
import { tenantSettingsSchema } from "../../../lib/domain/tenant-settings.ts";
import { contract } from "../contract.ts";
import { named } from "../registry.ts";
import { instant } from "./schemas.ts";

const tag = "Settings";
const settings = named(
  "Settings",
  tenantSettingsSchema.extend({
    changed_at: instant.optional(),
    changed_by: z.string().optional(),
  }),
);

export const getSettings = contract({
  operation: "getSettings",
  method: "GET",
  path: "/api/settings",
  tag,
  summary: "The plant's time zone, and the units that values are shown in",
  description:
    "`time_zone` is a name of the IANA database, or null where each reader's own counts. `units` gives for a quantity " +
    "the unit that pages show it in. What is stored, streamed and exported stays in the unit that it came in.",
  permission: "signed_in",
  responses: { 200: { description: "The settings", schema: settings } },
});

export const putSettings = contract({
  operation: "putSettings",
  method: "PUT",
  path: "/api/settings",
  tag,
  summary: "Replace the settings; pages follow when they are loaded next",
  permission: "administer",
  body: tenantSettingsSchema,
  responses: { 200: { description: "The settings as they are now", schema: settings } },
});

import { z } from "zod";
import { ALERT_STATES, SEVERITIES } from "./alert.ts";

export const severitySchema = z.enum(SEVERITIES);
export const alertStateSchema = z.enum(ALERT_STATES);

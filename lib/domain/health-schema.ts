import { z } from "zod";
import { LIFE_UNITS, RISK_LEVELS } from "./health.ts";

export const riskLevelSchema = z.enum(RISK_LEVELS);
export const lifeUnitSchema = z.enum(LIFE_UNITS);

import { z } from "zod";
import { isWellFormed, ROLES } from "./identity.ts";

/** What identifies tenants, assets and sensors: printable text without control characters, at most 128 long. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const IDENTIFIER = /^[^\u0000-\u001f\u007f]{1,128}$/;
export const identifierSchema = z
  .string()
  .regex(IDENTIFIER, "expected 1 to 128 characters without control characters")
  .refine((id) => id === id.trim(), "expected no blanks at either end")
  .refine(isWellFormed, "expected well-formed Unicode");

/** Short text of a reading beside its ids. */
export const wordSchema = (least: number, most: number) =>
  z.string().min(least).max(most).refine(isWellFormed, "expected well-formed Unicode");

/** Tenant ids appear in paths and room names, so they are narrower than other ids. */
export const tenantIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "expected a–z, 0–9 and -, at most 63");

export const roleSchema = z.enum(ROLES);

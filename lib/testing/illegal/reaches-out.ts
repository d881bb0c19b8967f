// Deliberately illegal, and never part of a build: the check of the import rules must see it fail.
import { publishApp } from "../../runtime/handle.ts";

export const illegal = publishApp;

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder that holds package.json, .next and public, whether this runs from the sources or from dist/. */
export function projectRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json"))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`No package.json above ${import.meta.dirname}.`);
    folder = above;
  }
  return folder;
}

import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
export const MONGO_LAUNCHER = join(here, "MongoLauncher.java");

interface Program {
  name: string;
  debian: string;
  /** Installed without being asked only where the others are there already, or on CI. */
  small: boolean;
}
const PROGRAMS: Program[] = [
  { name: "java", debian: "openjdk-17-jdk-headless", small: false },
  { name: "mvn", debian: "maven", small: false },
  { name: "redis-server", debian: "redis-server", small: true },
  { name: "kcat", debian: "kcat", small: true },
];

const onPath = (name: string): boolean =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, name)));

/**
 * Names of the programs that the servers need and this machine lacks. Where this machine lets us (root, Debian's
 * apt-get) the small ones are installed first, and with `all` the others too.
 */
export function missingPrograms(all: boolean): string[] {
  const missing = () => PROGRAMS.filter((program) => !onPath(program.name));
  const wanted = missing();
  const worth = all || wanted.every((program) => program.small);
  if (wanted.length > 0 && worth && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const packages = wanted.map((program) => program.debian);
    process.stderr.write(`Installing Debian's ${packages.join(", ")} for the tests on real servers …\n`);
    for (const args of [
      ["update", "-qq"],
      ["install", "-y", "-qq", "--no-install-recommends", ...packages],
    ])
      spawnSync("apt-get", args, {
        stdio: ["ignore", 2, 2],
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
  }
  return missing().map((program) => program.name);
}

/** How a person gets these programs. */
export const howToInstall = (names: string[]): string =>
  `apt-get install ${PROGRAMS.filter((program) => names.includes(program.name))
    .map((program) => program.debian)
    .join(" ")}`;

/** The jars of pom.xml, brought once into the user's cache. @returns a class path */
export async function javaClassPath(): Promise<string> {
  const pom = join(here, "pom.xml");
  const hash = createHash("sha256")
    .update(await readFile(pom))
    .digest("hex")
    .slice(0, 12);
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "foresight");
  const jars = join(cache, `services-${hash}`);
  if (!existsSync(jars)) {
    await mkdir(cache, { recursive: true });
    const folder = await mkdtemp(join(cache, "fetch-"));
    try {
      await promisify(execFile)("mvn", [
        "-q",
        "-B",
        "-f",
        pom,
        "dependency:copy-dependencies",
        `-DoutputDirectory=${folder}`,
      ]);
      // Two that fetch at once: the first to be done wins, the other uses what it finds.
      await rename(folder, jars).catch((error: unknown) => {
        if (!existsSync(jars)) throw error;
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return join(jars, "*");
}

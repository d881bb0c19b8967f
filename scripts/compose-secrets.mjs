/**
 * Makes the secrets of `docker compose up` where they are not there yet: one file each in the folder that is named, a
 * volume. Nothing is ever replaced, so what was made at the first start holds until the volume is removed.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder = "/secrets", mongodb_user = "999"] = process.argv.slice(2);
/** Of the official image's user; MongoDB refuses a key that others can read. */
const MONGODB_UID = Number(mongodb_user);
const random = (bytes) => randomBytes(bytes).toString("base64url");

/** @returns what the file holds */
function keep(name, make, { mode = 0o444, owner } = {}) {
  const path = join(folder, name);
  try {
    writeFileSync(path, make(), { mode: 0o600, flag: "wx" });
    if (owner !== undefined) chownSync(path, owner, owner);
    chmodSync(path, mode);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  return readFileSync(path, "utf8");
}

mkdirSync(folder, { recursive: true });
keep("nextauth_secret", () => random(48));
keep("demo_password", () => random(12));
keep("mongodb_keyfile", () => randomBytes(512).toString("base64"), { mode: 0o400, owner: MONGODB_UID });
const mongodb = keep("mongodb_password", () => random(24));
const redis = keep("redis_password", () => random(24));
keep(
  "mongodb_uri",
  () => `mongodb://foresight:${mongodb}@mongodb:27017/foresight?replicaSet=rs0&authSource=admin`,
);
keep("redis_url", () => `redis://:${redis}@redis:6379`);
process.stdout.write(`The secrets are in ${folder}.\n`);

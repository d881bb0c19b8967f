import type { Document } from "mongodb";
import { collectionsOf } from "./collections.ts";
import { createClient, databaseName } from "./connection.ts";
import { toForesightError } from "./errors.ts";
import { missingIndexes, SCHEMA_VERSION } from "./schema.ts";
import { causeOf, within } from "./watch-errors.ts";

export interface MongoFinding {
  part: string;
  ok: boolean;
  /** One sentence for whoever runs the machine. */
  found: string;
  /** What to do, where something is missing. */
  advice?: string;
}

const OPEN_WITHIN_MS = 3_000;

/** Examines a database beside whoever uses it: versions, replica set, change streams, indexes. Changes nothing; never throws. */
export async function mongoReport(uri: string): Promise<MongoFinding[]> {
  let client: ReturnType<typeof createClient> | undefined;
  try {
    client = createClient({ uri });
    await client.connect();
    const db = client.db(databaseName(client));
    const collections = collectionsOf(db);
    const { version } = await db.admin().command({ buildInfo: 1 });
    const greeting: Document = await db
      .admin()
      .command({ hello: 1 })
      .catch(() => ({}));
    const version_found = (await collections.meta.findOne({ _id: "schema_version" }))?.value;
    const findings: MongoFinding[] = [
      { part: "mongodb", ok: true, found: `version ${version}, database ${db.databaseName}` },
      replicaSet(greeting),
      await changeStreams(() => collections.alert_events.watch().tryNext()),
    ];
    if (version_found === undefined)
      return [...findings, { part: "mongodb schema", ok: true, found: "made at the first start" }];
    const missing = await missingIndexes(collections);
    const newer = Number(version_found) > SCHEMA_VERSION;
    findings.push(
      {
        part: "mongodb schema",
        ok: !newer,
        found: `version ${version_found}${newer ? `, newer than this FORESIGHT knows (${SCHEMA_VERSION})` : ""}`,
        ...(newer && { advice: "Install the newer FORESIGHT again." }),
      },
      {
        part: "mongodb indexes",
        ok: missing.length === 0,
        found: missing.length === 0 ? "all there" : `missing: ${missing.join("; ")}`,
        ...(missing.length > 0 && {
          advice: "Create them; docs/operations.md lists them with their options.",
        }),
      },
    );
    return findings;
  } catch (error) {
    const named = toForesightError(error);
    const found = named instanceof Error ? named.message : String(named);
    return [{ part: "mongodb", ok: false, found, advice: "See that it runs and that MONGODB_URI is right." }];
  } finally {
    await client?.close(true);
  }
}

function replicaSet({ setName, hosts, msg }: Document): MongoFinding {
  const part = "mongodb replica set";
  if (msg === "isdbgrid") return { part, ok: true, found: "a sharded cluster" };
  if (setName !== undefined) return { part, ok: true, found: `${setName}, ${hosts?.length ?? 1} members` };
  return {
    part,
    ok: true,
    found: "none: what one server acknowledges is lost with it",
    advice: "Run MongoDB as a replica set, of one member at least.",
  };
}

async function changeStreams(open: () => Promise<unknown>): Promise<MongoFinding> {
  const part = "mongodb change streams";
  try {
    await within(OPEN_WITHIN_MS, open());
    return { part, ok: true, found: "there: alerts are pushed as they come" };
  } catch (error) {
    return {
      part,
      ok: true,
      found: `not to be had (${causeOf(error)}): alerts are looked for once a second`,
      advice: "Only a replica set has them.",
    };
  }
}

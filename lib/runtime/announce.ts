import type { Config } from "./config.ts";
import { DEMO_TENANT, wantsDemoTenant } from "./demo-tenant.ts";

/** Tells whoever started the server where it is; the generated password is shown this once and kept nowhere. */
export function announce({
  url,
  config,
  password,
}: {
  url: string;
  config: Config;
  password?: string;
}): void {
  const lines = [`FORESIGHT is ready: ${url}`];
  if (password !== undefined)
    lines.push(
      `Sign in as admin@${DEMO_TENANT}, operator@${DEMO_TENANT} or viewer@${DEMO_TENANT} with the password ${password}`,
      "(generated now and shown only this once; set your own with DEMO_PASSWORD or `npx foresight user passwd`).",
    );
  else if (wantsDemoTenant(config))
    lines.push(`Sign in as admin@${DEMO_TENANT}, operator@${DEMO_TENANT} or viewer@${DEMO_TENANT}.`);
  if (config.demo) lines.push("A generated plant is streaming in.");
  lines.push(
    config.servers === undefined
      ? `Data: ${config.data_dir}. Ctrl-C stops.`
      : `Data: Kafka, MongoDB${config.servers.redis_url === undefined ? "" : ", Redis"}; roles ${config.roles.join(" and ")}. Ctrl-C stops.`,
  );
  process.stdout.write(`\n${lines.join("\n")}\n\n`);
}

import packageJson from "../../../package.json" with { type: "json" };
import { CONTRACTS } from "../../_server/contracts/all.ts";
import { openapi } from "../../_server/contracts/system.ts";
import { openApiDocument } from "../../_server/openapi.ts";
import { json, methods, openRoute } from "../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: openRoute(openapi, async () => json(openApiDocument(CONTRACTS, packageJson.version))),
});

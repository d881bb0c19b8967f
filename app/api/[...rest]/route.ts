import { ForesightError } from "../../../lib/domain/errors.ts";
import { openRoute } from "../../_server/route.ts";

/** Where nothing else is: programs get problem details, not a page. */
const nothing = openRoute({ path: "/api/{rest}", method: "GET" }, async () => {
  throw new ForesightError(
    "not_found",
    "There is nothing at this address; /api/openapi.json lists what there is.",
  );
});

export { nothing as DELETE, nothing as GET, nothing as PATCH, nothing as POST, nothing as PUT };

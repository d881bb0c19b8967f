import { alertAnswer } from "../../../_server/alert-actions.ts";
import { getAlert } from "../../../_server/contracts/alerts.ts";
import { methods, route } from "../../../_server/route.ts";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: route(getAlert, ({ app, principal, params }) => alertAnswer(app, principal.tenant_id, params.id)),
});

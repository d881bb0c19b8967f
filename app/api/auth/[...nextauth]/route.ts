import { answerAuth } from "../../../_server/next-auth.ts";
import { methods, openRoute } from "../../../_server/route.ts";

const path = "/api/auth/{action}";

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: openRoute({ path, method: "GET" }, answerAuth),
  POST: openRoute({ path, method: "POST" }, answerAuth),
});

import { z } from "zod";
import { ROLES } from "../../../lib/domain/identity.ts";
import { roleSchema } from "../../../lib/domain/identity-schema.ts";
import { contract } from "../contract.ts";
import { instant, tokenSchema, userSchema } from "./schemas.ts";

const LONGEST_TTL_S = 366 * 24 * 3_600;
const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f]*$/, "expected no control characters");
const personRole = z.enum(ROLES.filter((role) => role !== "ingest"));
const password = z.string().min(8).max(1_024);

export const whoAmI = contract({
  operation: "whoAmI",
  method: "GET",
  path: "/api/me",
  tag: "Identity",
  summary: "Who the credential speaks for",
  permission: "signed_in",
  responses: {
    200: {
      description: "The principal",
      schema: z.object({
        tenant_id: z.string(),
        role: roleSchema,
        subject: z.string(),
        kind: z.enum(["session", "token"]),
        expires_at: instant,
      }),
    },
  },
});

export const mintTicket = contract({
  operation: "mintTicket",
  method: "POST",
  path: "/api/tickets",
  tag: "Identity",
  summary: "A ticket that opens one socket, once, within 30 s",
  permission: "read",
  responses: {
    201: {
      description: "For `?ticket=` or `auth.ticket`",
      schema: z.object({ ticket: z.string(), expires_at: instant }),
    },
  },
});

export const listTokens = contract({
  operation: "listTokens",
  method: "GET",
  path: "/api/tokens",
  tag: "Identity",
  summary: "Tokens of programs, newest first; never the tokens themselves",
  permission: "administer",
  responses: { 200: { description: "The records", schema: z.object({ tokens: z.array(tokenSchema) }) } },
});

export const createToken = contract({
  operation: "createToken",
  method: "POST",
  path: "/api/tokens",
  tag: "Identity",
  summary: "Mint a token for a program; it is shown this once",
  permission: "administer",
  body: z.object({ name, role: roleSchema, ttl_s: z.int().min(1).max(LONGEST_TTL_S).default(3_600) }),
  responses: {
    201: {
      description: "The token and its record",
      schema: z.object({ token: z.string(), record: tokenSchema }),
    },
  },
});

export const revokeToken = contract({
  operation: "revokeToken",
  method: "DELETE",
  path: "/api/tokens/{jti}",
  tag: "Identity",
  summary: "Revoke a token; its sockets close within 5 s",
  permission: "administer",
  responses: { 204: { description: "Revoked" } },
});

export const listUsers = contract({
  operation: "listUsers",
  method: "GET",
  path: "/api/users",
  tag: "Identity",
  summary: "People of the tenant",
  permission: "administer",
  responses: { 200: { description: "The accounts", schema: z.object({ users: z.array(userSchema) }) } },
});

export const addUser = contract({
  operation: "addUser",
  method: "POST",
  path: "/api/users",
  tag: "Identity",
  summary: "Add a person; without a password one is generated and shown this once",
  permission: "administer",
  body: z.object({ username: name, role: personRole, password: password.optional() }),
  responses: {
    201: {
      description: "The account; `password` where it was generated",
      schema: z.object({ user: userSchema, password: z.string().optional() }),
    },
  },
});

export const changeUser = contract({
  operation: "changeUser",
  method: "PATCH",
  path: "/api/users/{username}",
  tag: "Identity",
  summary: "Change role or password, disable or enable; ends the person's sessions",
  permission: "administer",
  body: z
    .object({ role: personRole.optional(), disabled: z.boolean().optional(), password: password.optional() })
    .refine((change) => Object.values(change).some((value) => value !== undefined), {
      message: "give role, disabled or password",
    }),
  responses: { 200: { description: "The account as it is now", schema: userSchema } },
});

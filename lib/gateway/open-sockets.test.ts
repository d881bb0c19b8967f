import { expect, it } from "vitest";
import type { Principal } from "../domain/identity.ts";
import { fakeLogger, fakeMetrics } from "../testing/fake-system.ts";
import { createFakeAuthenticator, createFakeShared } from "../testing/fakes/fake-authenticator.ts";
import { OpenSockets } from "./open-sockets.ts";

const person: Principal = {
  tenant_id: "acme",
  subject: "ada@acme",
  role: "viewer",
  credential_id: "session-1",
  kind: "session",
  expires_at: 1,
};

it("[R-9.3] a person's sign-ins count together, each token for itself, and who leaves makes room once", async () => {
  const sockets = new OpenSockets({
    authenticator: createFakeAuthenticator(),
    shared: createFakeShared(),
    clock: { now: () => 0 },
    logger: fakeLogger(),
    metrics: fakeMetrics(),
    sockets_per_user: 2,
    random: () => 0,
  });
  const first = (await sockets.take(person))!;
  expect(await sockets.take({ ...person, credential_id: "session-2" })).toBeDefined();
  expect(await sockets.take({ ...person, credential_id: "session-3" })).toBeUndefined();
  expect(await sockets.take({ ...person, tenant_id: "rival" })).toBeDefined();
  first.leave();
  first.leave();
  expect(await sockets.take(person)).toBeDefined();
  expect(await sockets.take(person)).toBeUndefined();

  const token = { ...person, kind: "token", subject: "token:command line" } as const;
  for (const credential_id of ["a", "a", "b", "b"])
    expect(await sockets.take({ ...token, credential_id })).toBeDefined();
  expect(await sockets.take({ ...token, credential_id: "a" })).toBeUndefined();
});

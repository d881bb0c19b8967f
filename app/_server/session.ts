import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { isForesightError } from "../../lib/domain/errors.ts";
import type { Principal } from "../../lib/domain/identity.ts";
import { runningApp } from "../../lib/runtime/handle.ts";

/** For server components: who has opened the page, or `undefined` where nobody is signed in. */
export async function currentPrincipal(): Promise<Principal | undefined> {
  const cookie = (await headers()).get("cookie");
  if (cookie === null) return undefined;
  try {
    return await runningApp().authenticator.authenticate({ cookie });
  } catch (error) {
    if (isForesightError(error) && error.code === "unauthorized") return undefined;
    throw error;
  }
}

/** For server components: who has opened the page at `path`; nobody is led to the login and back. */
export async function requirePrincipal(path: string): Promise<Principal> {
  return (await currentPrincipal()) ?? redirect(`/login?callbackUrl=${encodeURIComponent(path)}`);
}

import { isForesightError } from "../../lib/domain/errors.ts";
import { may, type Principal } from "../../lib/domain/identity.ts";
import type { App } from "../../lib/runtime/handle.ts";
import { identify } from "./authorise.ts";
import { isLocal } from "./peer.ts";

/**
 * Who looks into the process (state of its parts, metrics): this machine without a proxy, as Prometheus and `doctor`
 * do, or an administrator of a tenant. @returns `undefined` for whoever may not
 */
export async function inspector(app: App, request: Request): Promise<"machine" | Principal | undefined> {
  if (isLocal(request)) return "machine";
  try {
    const principal = await identify(app, request);
    return may(principal.role, "administer") ? principal : undefined;
  } catch (error) {
    if (isForesightError(error)) return undefined;
    throw error;
  }
}

import { isForesightError } from "../../lib/domain/errors.ts";
import { may } from "../../lib/domain/identity.ts";
import type { App } from "../../lib/runtime/handle.ts";
import { identify } from "./authorise.ts";
import { isLocal } from "./peer.ts";

/**
 * Whether someone may look into the process (state of its parts, metrics): from this machine without a proxy, as
 * Prometheus and `doctor` do, or with an administrator's credential.
 */
export async function mayInspect(app: App, request: Request): Promise<boolean> {
  if (isLocal(request)) return true;
  try {
    return may((await identify(app, request)).role, "administer");
  } catch (error) {
    if (isForesightError(error)) return false;
    throw error;
  }
}

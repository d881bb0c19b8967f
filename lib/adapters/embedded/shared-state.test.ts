import { describeSharedState } from "../../testing/shared-state-contract.ts";
import { createInProcessSharedState } from "./shared-state.ts";

describeSharedState("the shared state of one process", async (now) =>
  createInProcessSharedState({ clock: { now: () => now } }),
);

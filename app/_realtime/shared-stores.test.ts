import { describe, expect, it } from "vitest";
import { clientOptionsOf, SharedStores } from "./shared-stores.ts";
import { createRealtimeStore } from "./store.ts";
import { clientOnLinks } from "./testing.ts";

function stores() {
  const made: ReturnType<typeof clientOnLinks>[] = [];
  const shared = new SharedStores((target) => {
    const set = clientOnLinks(clientOptionsOf(target));
    made.push(set);
    return createRealtimeStore(set.client, { clock: set.time, timers: set.time });
  });
  return { shared, made };
}

describe("stores shared by a page", () => {
  it("are one for the same target and others for others", () => {
    const { shared } = stores();
    expect(shared.of({ tenant_id: "a", token: "t" })).toBe(shared.of({ tenant_id: "a", token: "t" }));
    expect(shared.of({ tenant_id: "a" })).not.toBe(shared.of({ tenant_id: "b" }));
  });

  it("connect with the first who keeps them and disconnect with the last", () => {
    const { shared, made } = stores();
    const store = shared.of({});
    expect(made[0]!.links).toHaveLength(0);
    const [first, second] = [shared.keep({}, store), shared.keep({}, store)];
    expect(made[0]!.links).toHaveLength(1);
    first();
    first();
    expect(made[0]!.link().open).toBe(true);
    second();
    expect(made[0]!.link().open).toBe(false);
  });

  it("go on working for a component that lets go and keeps at once", () => {
    const { shared, made } = stores();
    const store = shared.of({});
    shared.keep({}, store)();
    const stop = shared.keep({}, store);
    expect(shared.of({})).toBe(store);
    expect(made).toHaveLength(1);
    expect(made[0]!.link().open).toBe(true);
    stop();
    expect(shared.of({})).not.toBe(store);
  });
});

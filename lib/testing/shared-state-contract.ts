import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Principal } from "../domain/identity.ts";
import type { SharedState } from "../ports/shared-state.ts";

const NOW = Date.UTC(2024, 0, 15);
const LIMIT = { points: 3, per_s: 1 };

const principal: Principal = {
  tenant_id: "north",
  role: "viewer",
  subject: "anna",
  credential_id: "session-1",
  kind: "session",
  expires_at: NOW + 3_600_000,
};

/**
 * What every shared state must do; `make` gives an empty one that knows the time as `NOW`.
 * @param options.invented_keys more than a state in memory holds apart
 */
export function describeSharedState(
  name: string,
  make: (now: number) => Promise<SharedState>,
  { invented_keys = 60_000 }: { invented_keys?: number } = {},
): void {
  describe(name, () => {
    let shared: SharedState;
    beforeEach(async () => {
      shared = await make(NOW);
      await shared.start();
    });
    afterEach(() => shared.stop());

    it("[bad input 5] lets a ticket in once", async () => {
      await shared.putTicket("hash-1", principal, NOW + 30_000);
      expect(await shared.takeTicket("hash-1", NOW + 1_000)).toEqual(principal);
      expect(await shared.takeTicket("hash-1", NOW + 1_000)).toBeUndefined();
    });

    it("lets a ticket in once, however many ask at the same time", async () => {
      await shared.putTicket("hash-1", principal, NOW + 30_000);
      const taken = await Promise.all(Array.from({ length: 20 }, () => shared.takeTicket("hash-1", NOW)));
      expect(taken.filter((one) => one !== undefined)).toHaveLength(1);
    });

    it("knows neither a ticket that was never given nor one whose time has passed", async () => {
      await shared.putTicket("hash-1", principal, NOW + 30_000);
      expect(await shared.takeTicket("hash-2", NOW)).toBeUndefined();
      expect(await shared.takeTicket("hash-1", NOW + 30_000)).toBeUndefined();
    });

    it("keeps tickets apart", async () => {
      await shared.putTicket("hash-1", principal, NOW + 30_000);
      await shared.putTicket("hash-2", { ...principal, subject: "ben" }, NOW + 30_000);
      expect((await shared.takeTicket("hash-2", NOW))?.subject).toBe("ben");
      expect((await shared.takeTicket("hash-1", NOW))?.subject).toBe("anna");
    });

    it("allows a key its points and then tells how long to wait", async () => {
      for (let i = 0; i < LIMIT.points; i++)
        expect(await shared.consume("login", "anna", LIMIT)).toEqual({ allowed: true, retry_after_s: 0 });
      const refused = await shared.consume("login", "anna", LIMIT);
      expect(refused.allowed).toBe(false);
      expect(refused.retry_after_s).toBeGreaterThan(0);
      expect(refused.retry_after_s).toBeLessThanOrEqual(1);
    });

    it("keeps buckets and keys apart", async () => {
      await shared.consume("login", "anna", LIMIT, 3);
      expect((await shared.consume("login", "anna", LIMIT)).allowed).toBe(false);
      expect((await shared.consume("login", "ben", LIMIT)).allowed).toBe(true);
      expect((await shared.consume("ingest", "anna", LIMIT)).allowed).toBe(true);
    });

    it("takes several points at once, and takes points back", async () => {
      expect((await shared.consume("ingest", "anna", LIMIT, 3)).allowed).toBe(true);
      await shared.consume("ingest", "anna", LIMIT, -1);
      expect((await shared.consume("ingest", "anna", LIMIT)).allowed).toBe(true);
      expect((await shared.consume("ingest", "anna", LIMIT)).allowed).toBe(false);
    });

    it("allows again when the window is over", async () => {
      await shared.consume("login", "anna", LIMIT, 3);
      await vi.waitFor(
        async () => expect((await shared.consume("login", "anna", LIMIT)).allowed).toBe(true),
        {
          timeout: 5_000,
          interval: 100,
        },
      );
    });

    it("gives a user as many places as asked for, whoever asks, and takes one back", async () => {
      const asked = await Promise.all(Array.from({ length: 6 }, () => shared.takePlace("north\0anna", 4)));
      expect(asked.filter(Boolean)).toHaveLength(4);
      expect(await shared.takePlace("north\0ben", 4)).toBe(true);
      await shared.leavePlace("north\0anna");
      expect(await shared.takePlace("north\0anna", 4)).toBe(true);
      expect(await shared.takePlace("north\0anna", 4)).toBe(false);
    });

    it("passes the word on when credentials were revoked, as long as someone listens", async () => {
      let heard = 0;
      const leave = shared.onRevocation(() => heard++);
      await shared.announceRevocation();
      await vi.waitFor(() => expect(heard).toBe(1));
      leave();
      let other = 0;
      shared.onRevocation(() => other++);
      await shared.announceRevocation();
      await vi.waitFor(() => expect(other).toBe(1));
      expect(heard).toBe(1);
    });

    it("says how it is", () => {
      expect(shared.state()).toEqual({ ok: true, detail: expect.any(String) });
    });

    it("survives any number of invented keys, and still holds those it knew", async () => {
      await shared.consume("flood", "anna", { points: 1, per_s: 60 });
      for (let i = 0; i < invented_keys; i++)
        await shared.consume("flood", `key-${i}`, { points: 1, per_s: 60 });
      expect((await shared.consume("flood", "anna", { points: 1, per_s: 60 })).allowed).toBe(false);
    });
  });
}

/** What must hold between two instances on one shared place; `make` gives two that are empty. */
export function describeSharedBetween(
  name: string,
  make: (now: number) => Promise<[SharedState, SharedState]>,
): void {
  describe(`${name}, on two instances`, () => {
    let one: SharedState;
    let other: SharedState;
    beforeEach(async () => {
      [one, other] = await make(NOW);
      await Promise.all([one.start(), other.start()]);
    });
    afterEach(() => Promise.all([one.stop(), other.stop()]));

    it("lets a ticket of one in at the other, and once over both", async () => {
      await one.putTicket("hash-1", principal, NOW + 30_000);
      await one.putTicket("hash-2", principal, NOW + 30_000);
      expect(await other.takeTicket("hash-1", NOW)).toEqual(principal);
      const taken = await Promise.all(
        Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? one : other).takeTicket("hash-2", NOW)),
      );
      expect(taken.filter((ticket) => ticket !== undefined)).toHaveLength(1);
    });

    it("counts a limit over both", async () => {
      const limit = { points: 3, per_s: 60 };
      expect((await one.consume("login", "anna", limit, 2)).allowed).toBe(true);
      expect((await other.consume("login", "anna", limit)).allowed).toBe(true);
      expect((await one.consume("login", "anna", limit)).allowed).toBe(false);
      expect((await other.consume("login", "anna", limit)).allowed).toBe(false);
    });

    it("counts a user's places over both", async () => {
      const asked = await Promise.all(
        Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? one : other).takePlace("north\0anna", 4)),
      );
      expect(asked.filter(Boolean)).toHaveLength(4);
    });

    it("frees the places of an instance that stops", async () => {
      expect(await one.takePlace("north\0anna", 1)).toBe(true);
      expect(await other.takePlace("north\0anna", 1)).toBe(false);
      await one.stop();
      expect(await other.takePlace("north\0anna", 1)).toBe(true);
    });
  });
}

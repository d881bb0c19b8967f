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

/** What every shared state must do; `make` gives an empty one that knows the time as `NOW`. */
export function describeSharedState(name: string, make: (now: number) => Promise<SharedState>): void {
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

    it("survives any number of invented keys, and still holds those it knew", async () => {
      await shared.consume("flood", "anna", { points: 1, per_s: 60 });
      for (let i = 0; i < 60_000; i++) await shared.consume("flood", `key-${i}`, { points: 1, per_s: 60 });
      expect((await shared.consume("flood", "anna", { points: 1, per_s: 60 })).allowed).toBe(false);
    });
  });
}

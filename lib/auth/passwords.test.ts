import { describe, expect, it } from "vitest";
import { hashPassword, verifyPassword } from "./passwords.ts";

describe("passwords", () => {
  it("are kept as argon2id and told apart", async () => {
    const hash = await hashPassword("correct horse battery");
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(hash, "correct horse battery")).toBe(true);
    expect(await verifyPassword(hash, "correct horse")).toBe(false);
  });

  it("[bad input 66] an unknown user takes as long as a wrong password, and no password fits nobody", async () => {
    const hash = await hashPassword("correct horse battery");
    const time = async (of: string | undefined) => {
      const began = performance.now();
      for (let i = 0; i < 5; i++) expect(await verifyPassword(of, "wrong password")).toBe(false);
      return performance.now() - began;
    };
    await time(hash);
    const known = await time(hash);
    const unknown = await time(undefined);
    expect(unknown / known).toBeGreaterThan(0.3);
    expect(unknown / known).toBeLessThan(3);
  });

  it("[bad input 67] a megabyte is refused before it is hashed", async () => {
    await expect(hashPassword("x".repeat(1_000_000))).rejects.toMatchObject({ code: "invalid_request" });
    await expect(hashPassword("short")).rejects.toMatchObject({ code: "invalid_request" });
    const hash = await hashPassword("correct horse battery");
    const began = performance.now();
    expect(await verifyPassword(hash, "x".repeat(1_000_000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(20);
  });
});

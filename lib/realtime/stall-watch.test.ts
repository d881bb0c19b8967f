import { describe, expect, it } from "vitest";
import { StallWatch } from "./stall-watch.ts";

describe("watching whether a source still brings what it has", () => {
  const source = { answer: async () => 0, at: 0 };
  const watch = () =>
    new StallWatch({ behind: () => source.answer(), position: () => String(source.at) }, 20);

  it("takes a source that is quiet for a good one", async () => {
    source.answer = async () => 0;
    const watched = watch();
    for (let i = 0; i < 10; i++) expect(await watched.look()).toBe(false);
    expect(watched.stalled).toBe(false);
  });

  it("says at once that it fails or does not answer, and that it is back", async () => {
    const watched = watch();
    for (const silence of [
      () => Promise.reject(new Error("gone")),
      () => new Promise<number>(() => undefined),
    ]) {
      source.answer = silence;
      expect(await watched.look()).toBe(true);
      expect(watched.stalled).toBe(true);
      source.answer = async () => 0;
      expect(await watched.look()).toBe(true);
      expect(watched.stalled).toBe(false);
    }
  });

  it("takes one that is ahead for stalled only where nothing comes", async () => {
    source.answer = async () => 100;
    const watched = watch();
    for (let i = 0; i < 10; i++) {
      source.at++;
      await watched.look();
      expect(watched.stalled).toBe(false);
    }
    const seen = [];
    for (let i = 0; i < 4; i++) {
      await watched.look();
      seen.push(watched.stalled);
    }
    expect(seen).toEqual([false, false, true, true]);
  });
});

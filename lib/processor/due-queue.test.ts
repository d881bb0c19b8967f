import fc from "fast-check";
import { expect, it } from "vitest";
import { DueQueue } from "./due-queue.ts";

it("the queue hands over what is due, earliest first, and keeps the rest", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.array(fc.nat(20)), fc.nat(20), (first, second, now) => {
      const queue = new DueQueue<number>();
      for (const due of first) queue.add(due, due);
      const taken = queue.take(now);
      for (const due of second) queue.add(due, due);
      const sorted = (list: number[]) => [...list].sort((a, b) => a - b);
      expect(taken).toEqual(sorted(first.filter((due) => due <= now)));
      expect(queue.isDue(20)).toBe(second.length > 0 || taken.length < first.length);
      expect(queue.take(20)).toEqual(sorted([...first.filter((due) => due > now), ...second]));
    }),
  );
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { readingsOf } from "../../testing/event-log-contract.ts";
import { LogTail } from "./log-tail.ts";

it("answers from memory exactly what was appended, or not at all, from every offset and within its bound", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }),
      fc.nat(1_000),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 50 }),
      (sizes, start, capacity, max_values) => {
        const tail = new LogTail("log", start, capacity);
        let head = start;
        for (const [i, size] of sizes.entries()) {
          const values = readingsOf(size, head);
          tail.push({ partition: 0, first_offset: head, tenant_id: "acme", received_at: i, values });
          head += size;
        }
        expect(tail.head).toBe(head);
        let kept = 0;
        for (let offset = 0; offset <= head + 1; offset++) {
          const read = tail.read(offset, max_values);
          if (read === undefined) continue;
          kept++;
          const values = read.batches.flatMap((batch) => batch.values.map(({ value }) => value));
          const count = Math.min(max_values, head - offset);
          expect(values).toEqual(Array.from({ length: count }, (_, i) => offset + i));
          expect(read.position).toEqual({ log_id: "log", next: { 0: offset + count } });
        }
        // The head is always there; a single batch is kept whole, whatever its size.
        expect(kept).toBeGreaterThanOrEqual(Math.min(capacity, head - start) + 1);
        expect(kept).toBeLessThanOrEqual(capacity + 31);
        expect(tail.read(head + 1, 1)).toBeUndefined();
      },
    ),
  );
});

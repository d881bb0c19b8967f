import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Channel } from "../../protocol/messages.ts";
import { of, type TestClient, until, valuesOf } from "../test-clients.ts";
import { type GatewayScene, numbered, range } from "./gateway-scene.ts";

/** What section 3 of lib/SPEC.md promises, whatever happens. */
export function describeResumeProperty(scene: GatewayScene): void {
  describe("over and over", () => {
    it("[R-3.11] whatever is published, dropped and restarted, a client's log equals the server's or contains a reset", async () => {
      const step = fc.oneof(
        {
          weight: 5,
          arbitrary: fc.record({
            do: fc.constant("publish" as const),
            count: fc.integer({ min: 1, max: 40 }),
          }),
        },
        {
          weight: 2,
          arbitrary: fc.record({
            do: fc.constant("foreign" as const),
            count: fc.integer({ min: 1, max: 9 }),
          }),
        },
        { weight: 3, arbitrary: fc.record({ do: fc.constant("drop" as const), count: fc.constant(0) }) },
        { weight: 3, arbitrary: fc.record({ do: fc.constant("come" as const), count: fc.constant(0) }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const), count: fc.constant(0) }) },
        {
          weight: 1,
          arbitrary: fc.record({
            do: fc.constant("expire" as const),
            count: fc.integer({ min: 0, max: 30 }),
          }),
        },
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 4, maxLength: 14 }),
          fc.constantFrom("message", "batch", "binary"),
          fc.boolean(),
          async (steps, format, short) => {
            await scene.begin(short ? { realtime: { history_ms: 0, history_bytes: 1 } } : {});
            try {
              await follow(steps, format);
            } finally {
              await scene.finish();
            }
          },
        ),
        { numRuns: 12 },
      );
    }, 120_000);

    async function follow(steps: { do: string; count: number }[], format: string): Promise<void> {
      const seen: number[] = [];
      let resets = 0;
      let cursor: string | undefined;
      let client: TestClient | undefined;
      let published = 0;
      const come = async () => {
        client = await scene.open();
        client.send({
          type: "subscribe",
          channels: ["sensor_data" satisfies Channel],
          format,
          ...(cursor !== undefined && { cursors: { sensor_data: cursor } }),
        });
        await until(() => of(client!, "subscribed").length > 0);
      };
      /** Takes what came, as a client does: the cursor of the last message, what it has already dropped. */
      const take = () => {
        if (client === undefined) return;
        for (const message of client.messages.splice(0)) {
          if (message.type === "reset" && message.reason !== "first") resets++;
          if (message.type === "snapshot" || message.type === "subscribed")
            cursor = message.cursors.sensor_data ?? cursor;
          const values = valuesOf({ ...client, messages: [message] });
          for (const value of values) if (!seen.includes(value)) seen.push(value);
          if (values.length > 0 && "cursor" in message && message.cursor !== undefined)
            cursor = message.cursor;
        }
      };
      await come();
      for (const step of [...steps, { do: "come", count: 0 }, { do: "publish", count: 1 }]) {
        if (step.do === "publish") {
          await scene.stage.publish(numbered(published, step.count));
          published += step.count;
        } else if (step.do === "foreign") await scene.stage.publish(numbered(10_000, step.count), "globex");
        else if (step.do === "drop") {
          take();
          client?.close();
          client = undefined;
        } else if (step.do === "come" && client === undefined) await come();
        else if (step.do === "restart") {
          await scene.stage.restart();
          take();
          client = undefined;
        } else if (step.do === "expire") {
          const head = (await scene.stage.log.head("sensor_readings")).next[0]!;
          scene.stage.log.removeBefore(
            Math.max((await scene.stage.log.earliest("sensor_readings")).next[0]!, head - step.count),
          );
        }
      }
      await until(() => {
        take();
        return seen.includes(published - 1);
      }, "the last reading");
      if (resets === 0) expect(seen).toEqual(range(0, published));
      for (const asset of [0, 1, 2]) {
        const values = seen.filter((value) => value % 3 === asset);
        expect(values).toEqual([...values].sort((a, b) => a - b));
      }
    }
  });
}

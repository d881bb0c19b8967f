import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Reading } from "../domain/reading.ts";
import { encodeCursor } from "../protocol/cursor.ts";
import { type Channel, CLOSE } from "../protocol/messages.ts";
import { openStage, type Stage, type StageOptions } from "./stage.ts";
import {
  type ClientTarget,
  type ConnectClient,
  of,
  type TestClient,
  until,
  valuesOf,
} from "./test-clients.ts";

/** Readings numbered from `from` on; the number is the value, and every third belongs to the same asset. */
export function numbered(from: number, count: number): Reading[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    const asset_id = `PUMP-00${n % 3}`;
    return {
      asset_id,
      sensor_id: `${asset_id}-TEMP`,
      sensor_type: "temperature",
      value: n,
      unit: "°C",
      quality: "good",
      timestamp: Date.UTC(2024, 0, 1) + n * 1_000,
    };
  });
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

export interface GatewayFeatures {
  /** The client can stop reading, so that it lags. */
  can_lag: boolean;
}

/** What every gateway must do, whatever the wire. `connect` opens one client or throws `Refused`. */
export function describeGateway(name: string, connect: ConnectClient, features: GatewayFeatures): void {
  describe(`${name} as a gateway`, () => {
    let stage: Stage;
    let clients: TestClient[];

    const open = async (options: Partial<ClientTarget> = {}) => {
      const client = await connect({
        url: stage.url,
        tenant_id: options.tenant_id ?? "acme",
        token: options.token ?? stage.authenticator.grant({ tenant_id: options.tenant_id ?? "acme" }),
        ...(options.channel !== undefined && { channel: options.channel }),
      });
      clients.push(client);
      return client;
    };
    const subscribed = async (message: object = {}, options: Partial<ClientTarget> = {}) => {
      const client = await open(options);
      client.send({ type: "subscribe", channels: ["sensor_data"], ...message });
      await until(() => of(client, "subscribed").length > 0, "subscribed");
      return client;
    };
    const begin = async (options?: StageOptions) => {
      clients = [];
      stage = await openStage(options);
    };
    const finish = async () => {
      for (const client of clients) client.close();
      await stage.dispose();
    };
    const codes = (client: TestClient) => of(client, "error").map(({ code }) => code);

    describe("with usual limits", () => {
      beforeEach(() => begin());
      afterEach(finish);

      it("[R-1.1] the published client works unchanged: subscribe, then one JSON message a reading", async () => {
        const client = await open();
        client.send({ type: "subscribe", channels: ["sensor_data", "alerts", "health_scores"] });
        await until(() => of(client, "snapshot").length > 0);
        await stage.publish(numbered(0, 2));
        await until(() => of(client, "sensor_update").length === 2);
        const [first, last] = of(client, "sensor_update");
        expect(first).toMatchObject({
          type: "sensor_update",
          timestamp: "2024-01-01T00:00:00.000Z",
          data: {
            asset_id: "PUMP-000",
            sensor_id: "PUMP-000-TEMP",
            sensor_type: "temperature",
            value: 0,
            unit: "°C",
            quality: "good",
          },
          tenant_id: "acme",
          channel: "sensor_data",
        });
        expect(Date.parse(first!.received_at)).toBeGreaterThan(Date.UTC(2025, 0, 1));
        expect(first).not.toHaveProperty("cursor");
        expect(last!.cursor).toBe(encodeCursor(await stage.log.head("sensor_readings")));
      });

      it("[R-1.2] alerts and health arrive with the published fields", async () => {
        const client = await open();
        client.send({ type: "subscribe", channels: ["alerts", "health_scores"] });
        await until(() => of(client, "snapshot").length > 0);
        stage.store.raise("acme");
        stage.store.raise("acme", { kind: "acknowledged", id: "alert-1", state: "acknowledged" });
        stage.log.appendHealth("acme", [
          {
            tenant_id: "acme",
            asset_id: "PUMP-000",
            timestamp: Date.UTC(2024, 0, 1),
            received_at: Date.UTC(2024, 0, 2),
            score: 40,
            risk_level: "high",
            evidence: [],
            source_partition: 0,
            source_offset: 1,
          },
        ]);
        await until(
          () => of(client, "alert_updated").length === 1 && of(client, "health_update").length === 1,
        );
        expect(of(client, "alert_triggered")[0]).toMatchObject({
          channel: "alerts",
          data: {
            id: "alert-1",
            asset_id: "PUMP-000",
            title: "Too hot",
            severity: "warning",
            metric_value: 99,
          },
        });
        expect(of(client, "health_update")[0]).toMatchObject({
          timestamp: "2024-01-01T00:00:00.000Z",
          received_at: "2024-01-02T00:00:00.000Z",
          data: { asset_id: "PUMP-000", score: 40, risk_level: "high" },
        });
      });

      for (const format of ["message", "batch", "binary"] as const)
        it(`[R-1.3] format ${format} brings every reading once and in order`, async () => {
          const client = await subscribed({ format });
          for (let i = 0; i < 20; i++) await stage.publish(numbered(i * 50, 50));
          await until(() => valuesOf(client).length >= 1_000);
          expect(valuesOf(client)).toEqual(range(0, 1_000));
          expect(of(client, "sensor_update").length > 0).toBe(format === "message");
        });

      it("[R-1.4] assets narrow a subscription, its snapshot and its replay", async () => {
        await stage.publish(numbered(0, 3));
        const client = await subscribed({ assets: ["PUMP-001"] });
        await until(() => of(client, "snapshot").length > 0);
        expect(of(client, "snapshot")[0]!.assets.map(({ asset_id }) => asset_id)).toEqual(["PUMP-001"]);
        await stage.publish(numbered(3, 9));
        await until(() => valuesOf(client).length === 3);
        expect(valuesOf(client)).toEqual([4, 7, 10]);
      });

      it("[R-1.5] max_rate lets each sensor's latest through and drops what lies between", async () => {
        const client = await subscribed({ max_rate: 5 });
        for (let i = 0; i < 30; i++) {
          await stage.publish(numbered(i * 3, 3));
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        await until(() => [87, 88, 89].every((value) => valuesOf(client).includes(value)));
        expect(valuesOf(client).length).toBeLessThan(30);
      });

      it("[R-1.6] unsubscribe ends a channel, and ping is answered with the server's time", async () => {
        const client = await subscribed();
        client.send({ type: "unsubscribe", channels: ["sensor_data"] });
        client.send({ type: "ping", t: 42 });
        await until(() => client.messages.some(({ type }) => type === "unsubscribed"));
        await until(() => of(client, "pong").length === 1);
        await stage.publish(numbered(0, 5));
        client.send({ type: "ping" });
        await until(() => of(client, "pong").length === 2);
        expect(of(client, "pong")[0]!.t).toBe(42);
        expect(valuesOf(client)).toEqual([]);
      });

      it("[R-1.7] the socket of one channel sends it unasked, and no other", async () => {
        const client = await open({ channel: "alerts" });
        await until(() => of(client, "snapshot").length > 0);
        stage.store.raise("acme");
        await until(() => of(client, "alert_triggered").length === 1);
        client.send({ type: "subscribe", channels: ["sensor_data"] });
        await until(() => codes(client).includes("unknown_channel"));
      });

      it("[R-2.1] the first reading after a quiet time leaves at once", async () => {
        const client = await subscribed();
        await until(() => of(client, "snapshot").length > 0);
        await new Promise((resolve) => setTimeout(resolve, 60));
        const before = performance.now();
        await stage.publish(numbered(0, 1));
        await until(() => valuesOf(client).length === 1);
        expect(performance.now() - before).toBeLessThan(100);
      });

      it("[R-2.2] the tenant of a reading alone decides who gets it", async () => {
        const mine = await subscribed();
        const other = await subscribed({}, { tenant_id: "globex" });
        await stage.publish(numbered(0, 10), "acme");
        await stage.publish(numbered(100, 10), "globex");
        await until(() => valuesOf(mine).length === 10 && valuesOf(other).length === 10);
        expect(valuesOf(mine)).toEqual(range(0, 10));
        expect(valuesOf(other)).toEqual(range(100, 110));
      });

      it("[R-3.1] a subscription without cursor begins with reset, a snapshot and what follows it", async () => {
        await stage.publish(numbered(0, 10));
        stage.store.processed(4);
        const client = await subscribed();
        await until(() => valuesOf(client).length === 6);
        expect(client.messages.slice(0, 3).map(({ type }) => type)).toEqual([
          "subscribed",
          "reset",
          "snapshot",
        ]);
        expect(of(client, "reset")[0]).toMatchObject({ channel: "sensor_data", reason: "first" });
        expect(of(client, "subscribed")[0]).toMatchObject({
          cursors: of(client, "snapshot")[0]!.cursors,
          recovered: { sensor_data: false },
        });
        expect(valuesOf(client)).toEqual(range(4, 10));
      });

      it("[R-3.2] a client that comes back gets what it missed, once and in order", async () => {
        const client = await subscribed();
        await stage.publish(numbered(0, 10));
        await until(() => valuesOf(client).length === 10);
        const cursor = of(client, "sensor_update").at(-1)!.cursor!;
        client.close();
        await stage.publish(numbered(10, 500));
        const back = await subscribed({ cursors: { sensor_data: cursor } });
        await stage.publish(numbered(510, 10));
        await until(() => valuesOf(back).length >= 510);
        expect(valuesOf(back)).toEqual(range(10, 520));
        expect(of(back, "subscribed")[0]!.recovered).toEqual({ sensor_data: true });
        expect(of(back, "reset")).toEqual([]);
      });

      it("[R-3.3] alerts are resumed by their own cursor", async () => {
        const client = await subscribed({ channels: ["alerts"] });
        stage.store.raise("acme");
        await until(() => of(client, "alert_triggered").length === 1);
        const cursor = of(client, "alert_triggered")[0]!.cursor!;
        client.close();
        for (let i = 0; i < 30; i++) stage.store.raise("acme");
        const back = await subscribed({ channels: ["alerts"], cursors: { alerts: cursor } });
        await until(() => of(back, "alert_triggered").length === 30);
        expect(of(back, "alert_triggered").map(({ data }) => data.seq)).toEqual(range(2, 32));
      });

      it("[R-3.4] a restart in mid-stream loses nothing for who resumes", async () => {
        const client = await subscribed();
        await stage.publish(numbered(0, 10));
        await until(() => valuesOf(client).length === 10);
        const cursor = of(client, "sensor_update").at(-1)!.cursor!;
        await stage.restart();
        expect((await client.closed).code).toBe(CLOSE.SHUTTING_DOWN);
        await stage.publish(numbered(10, 10));
        const back = await subscribed({ cursors: { sensor_data: cursor } });
        await until(() => valuesOf(back).length === 10);
        expect(valuesOf(back)).toEqual(range(10, 20));
      });

      it("[R-3.5] [bad input 18] a cursor that is garbage, negative, foreign, expired or beyond the end gets its reset", async () => {
        await stage.publish(numbered(0, 20));
        const cases: [unknown, string][] = [
          ["garbage", "invalid_cursor"],
          ["memory:0:-1", "invalid_cursor"],
          [17, "invalid_cursor"],
          [{ nested: null }, "invalid_cursor"],
          ["other:0:3", "log_changed"],
          ["memory:0:21", "beyond_end"],
          ["memory:7:1", "beyond_end"],
        ];
        for (const [cursor, reason] of cases) {
          const client = await subscribed({ cursors: { sensor_data: cursor } });
          await until(() => of(client, "snapshot").length > 0);
          expect(of(client, "reset")[0]).toMatchObject({ channel: "sensor_data", reason });
          expect(of(client, "subscribed")[0]!.recovered).toEqual({ sensor_data: false });
          client.close();
        }
      });

      it("[R-3.6] [bad input 18] a cursor that is only ahead of this instance waits for it", async () => {
        const client = await subscribed();
        stage.log.hold(true);
        await stage.publish(numbered(0, 10));
        client.send({ type: "subscribe", channels: ["sensor_data"], cursors: { sensor_data: "memory:0:6" } });
        await until(() => of(client, "subscribed").length === 2);
        expect(of(client, "subscribed")[1]!.recovered).toEqual({ sensor_data: true });
        stage.log.hold(false);
        await until(() => valuesOf(client).length === 4);
        expect(valuesOf(client)).toEqual(range(6, 10));
      });

      it("[R-5.1] a revoked credential closes its sockets, and a resume does not bring them back", async () => {
        const token = stage.authenticator.grant({ tenant_id: "acme" });
        const client = await subscribed({}, { token });
        stage.authenticator.revoke(token);
        expect((await client.closed).code).toBe(CLOSE.REVOKED);
        await expect(open({ token })).rejects.toMatchObject({ code: "unauthorized" });
      });

      it("[R-5.2] an expired credential closes its sockets", async () => {
        const token = stage.authenticator.grant({ tenant_id: "acme", expires_at: Date.now() + 400 });
        const client = await subscribed({}, { token });
        const { code, reason } = await client.closed;
        expect([CLOSE.CREDENTIAL_EXPIRED, CLOSE.REVOKED]).toContain(code);
        expect(reason).toContain("expired");
      });

      it("[R-5.3] [bad input 1] no or an unknown token is refused", async () => {
        await expect(open({ token: "" })).rejects.toMatchObject({ code: "unauthorized" });
        await expect(open({ token: "nonsense" })).rejects.toMatchObject({ code: "unauthorized" });
      });

      it("[R-5.4] a role that may not read is refused", async () => {
        const token = stage.authenticator.grant({ tenant_id: "acme", role: "ingest" });
        await expect(open({ token })).rejects.toMatchObject({ code: "forbidden" });
      });

      it("[bad input 5] a ticket works once", async () => {
        // Each client knows only tokens; that a ticket is single-use is the authenticator's, asked by both gateways.
        const ticket = stage.authenticator.grant({ tenant_id: "acme" });
        await expect(stage.authenticator.authenticate({ ticket })).resolves.toBeDefined();
        await expect(stage.authenticator.authenticate({ ticket })).rejects.toMatchObject({
          code: "unauthorized",
        });
      });

      it("[bad input 14] channels that are none get an error, and the socket lives", async () => {
        const client = await open();
        for (const channel of ["t1:*", "../t2", "sensor_data\0", "__proto__", "tenant:globex"])
          client.send({ type: "subscribe", channels: [channel] });
        await until(() => codes(client).length === 5);
        expect(new Set(codes(client))).toEqual(new Set(["unknown_channel"]));
        client.send({ type: "subscribe", channels: ["sensor_data"] });
        await until(() => of(client, "subscribed").length === 1);
      });

      it("[bad input 15] a tenant in the payload is ignored", async () => {
        const client = await subscribed({ tenant_id: "globex", data: { tenant_id: "globex" } });
        expect(of(client, "subscribed")[0]!.tenant_id).toBe("acme");
        await stage.publish(numbered(0, 1), "globex");
        await stage.publish(numbered(5, 1), "acme");
        await until(() => valuesOf(client).length === 1);
        expect(valuesOf(client)).toEqual([5]);
      });

      it("[R-9.2] [bad input 16] a thousand channels get the limit error", async () => {
        const client = await open();
        client.send({ type: "subscribe", channels: Array.from({ length: 1_000 }, (_, i) => `c${i}`) });
        await until(() => codes(client).length === 1);
        expect(codes(client)).toEqual(["too_many"]);
      });

      it("[R-10.3] [bad input 17] null and nested in place of values get invalid_message, and the socket lives", async () => {
        const client = await open();
        const bad: object[] = [
          { type: "subscribe" },
          { type: "subscribe", channels: null },
          { type: "subscribe", channels: [["sensor_data"]] },
          { type: "subscribe", channels: { $gt: "" } },
          { type: "subscribe", channels: ["sensor_data"], max_rate: {} },
          { type: "subscribe", channels: ["sensor_data"], format: "xml" },
          { type: "launch" },
        ];
        for (const message of bad) client.send(message);
        await until(() => codes(client).length === bad.length);
        expect(new Set(codes(client))).toEqual(new Set(["invalid_message"]));
        client.send({ type: "ping", t: 1 });
        await until(() => of(client, "pong").length === 1);
      });

      it("[R-9.4] [bad input 19] two hundred messages at once get rate_limited", async () => {
        const client = await open();
        for (let i = 0; i < 200; i++) client.send({ type: "subscribe", channels: ["sensor_data"] });
        await until(() => codes(client).includes("rate_limited"));
        expect(of(client, "subscribed").length).toBeLessThanOrEqual(100);
      });

      it("[R-9.3] [bad input 12] one socket too many of a token is refused, and another's of the same name is not", async () => {
        const grant = () => stage.authenticator.grant({ tenant_id: "acme", subject: "token:command line" });
        const token = grant();
        for (let i = 0; i < 20; i++) await open({ token });
        await expect(open({ token })).rejects.toMatchObject({ code: "too_many" });
        await expect(open({ token: grant() })).resolves.toBeDefined();
        clients[0]!.close();
        await until(() => stage.gateway.counts().raw + stage.gateway.counts().socketio === 20);
        await expect(open({ token })).resolves.toBeDefined();
      });

      it("[R-10.2] a server that goes says so to every socket within its time", async () => {
        const opened = await Promise.all(range(0, 10).map(() => open()));
        const before = performance.now();
        await stage.gateway.drain();
        expect(performance.now() - before).toBeLessThan(3_000);
        for (const client of opened) expect((await client.closed).code).toBe(CLOSE.SHUTTING_DOWN);
        expect(stage.gateway.counts()).toEqual({ raw: 0, socketio: 0 });
      });
    });

    describe("with short limits", () => {
      beforeEach(() =>
        begin({
          realtime: {
            head_every_ms: 50,
            history_ms: 1,
            history_bytes: 1,
            snapshot_ms: 1_000,
            held_alerts: 50,
          },
        }),
      );
      afterEach(finish);

      it("[R-3.7] the head of a channel is announced, and equals the cursor of who has everything", async () => {
        const client = await subscribed();
        await stage.publish(numbered(0, 5));
        await until(() => valuesOf(client).length === 5);
        const { cursor } = of(client, "sensor_update").at(-1)!;
        await until(() => of(client, "head").some((head) => head.cursor === cursor));
      });

      it("[R-3.8] what is no longer in memory is replayed from the log", async () => {
        for (let i = 0; i < 50; i++) await stage.publish(numbered(i * 300, 300));
        const client = await subscribed({ cursors: { sensor_data: "memory:0:10" } });
        await until(() => valuesOf(client).length === 14_990, "all of the log");
        expect(valuesOf(client)).toEqual(range(10, 15_000));
      });

      it("[R-3.9] what the log no longer keeps is answered by reset, expired and a snapshot", async () => {
        const witness = await subscribed();
        for (let i = 1; i <= 10; i++) {
          await stage.publish(numbered(i * 10, 10));
          await until(() => valuesOf(witness).length === i * 10);
        }
        stage.log.removeBefore(50);
        const client = await subscribed({ cursors: { sensor_data: "memory:0:10" } });
        await until(() => of(client, "snapshot").length === 1);
        expect(of(client, "reset")).toMatchObject([{ channel: "sensor_data", reason: "expired" }]);
      });

      it("[R-3.10] one read of the snapshot serves all who ask at once", async () => {
        await stage.publish(numbered(0, 10));
        const herd = await Promise.all(
          range(0, 30).map((i) =>
            open({ token: stage.authenticator.grant({ tenant_id: "acme", subject: `user-${i}` }) }),
          ),
        );
        for (const client of herd) client.send({ type: "subscribe", channels: ["sensor_data"] });
        for (const client of herd) await until(() => of(client, "snapshot").length === 1);
        expect(stage.store.snapshots_read.get("acme")).toBe(1);
      });
    });

    if (features.can_lag)
      describe("with a client that does not read", () => {
        beforeEach(() =>
          begin({ realtime: { lag_bytes: 128 * 1024, caught_up_bytes: 32 * 1024, lag_ms: 60_000 } }),
        );
        afterEach(finish);

        /** More than the sockets' buffers of a system hold. */
        const flood = async (rounds: number) => {
          for (let i = 0; i < rounds; i++) {
            await stage.publish(numbered(i * 1_000, 1_000));
            await new Promise((resolve) => setTimeout(resolve, 2));
          }
        };

        it("[R-4.1] its readings give way to the latest of each sensor, it is told, and its peers get all", async () => {
          const slow = await subscribed({ channels: ["sensor_data", "alerts"] });
          const peer = await subscribed({ format: "binary" });
          await until(() => of(slow, "snapshot").length > 0);
          slow.pause();
          await flood(80);
          for (let i = 0; i < 20; i++) stage.store.raise("acme");
          await until(() => valuesOf(peer).length === 80_000);
          expect(valuesOf(peer)).toEqual(range(0, 80_000));
          slow.resume();
          await until(() => of(slow, "conflated").length > 0, "conflated");
          await until(() => valuesOf(slow).includes(79_999), "the latest reading");
          await until(() => of(slow, "alert_triggered").length === 20, "all alerts");
          const got = valuesOf(slow);
          expect(got.length).toBeLessThan(80_000);
          expect(got.slice(-3).sort()).toEqual([79_997, 79_998, 79_999]);
          const dropped = of(slow, "conflated").reduce((sum, message) => sum + message.dropped, 0);
          expect(dropped + got.length).toBe(80_000);
        });

        it("[R-4.2] what waits for it is bounded, and past the bound it is closed with a code to come back", async () => {
          const slow = await subscribed({ channels: ["sensor_data", "alerts"] });
          await until(() => of(slow, "snapshot").length > 0);
          slow.pause();
          await flood(60);
          for (let i = 0; i < 1_100; i++) stage.store.raise("acme");
          await until(() => (stage.metrics.counts.get("foresight_slow_clients_closed_total") ?? 0) === 1);
          await until(() => stage.gateway.counts().raw + stage.gateway.counts().socketio === 0);
          slow.resume();
          await slow.closed;
        });
      });

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
              await begin(short ? { realtime: { history_ms: 0, history_bytes: 1 } } : {});
              try {
                await follow(steps, format);
              } finally {
                await finish();
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
          client = await open();
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
            await stage.publish(numbered(published, step.count));
            published += step.count;
          } else if (step.do === "foreign") await stage.publish(numbered(10_000, step.count), "globex");
          else if (step.do === "drop") {
            take();
            client?.close();
            client = undefined;
          } else if (step.do === "come" && client === undefined) await come();
          else if (step.do === "restart") {
            await stage.restart();
            take();
            client = undefined;
          } else if (step.do === "expire") {
            const head = (await stage.log.head("sensor_readings")).next[0]!;
            stage.log.removeBefore(
              Math.max((await stage.log.earliest("sensor_readings")).next[0]!, head - step.count),
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
  });
}

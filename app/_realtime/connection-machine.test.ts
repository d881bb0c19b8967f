import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  backoffDelay,
  CONNECTION_TIMES,
  type Connection,
  type ConnectionEvent,
  initialConnection,
  type Step,
  stepConnection,
} from "./connection-machine.ts";

const START = 1_700_000_000_000;

/** Drives the machine by hand: events at times relative to the start. */
function drive(reconnects = true) {
  let connection = initialConnection(START, reconnects);
  let now = START;
  let last: Step = { connection, effects: [] };
  return {
    at(seconds: number) {
      now = START + seconds * 1000;
      return this;
    },
    send(event: ConnectionEvent | ConnectionEvent["type"], random = 0.5) {
      const full = typeof event === "string" ? ({ type: event } as ConnectionEvent) : event;
      last = stepConnection(connection, full, { now, random });
      connection = last.connection;
      return this;
    },
    live() {
      return this.send("connect").send("opened").send("subscribed");
    },
    get is() {
      return connection;
    },
    get did() {
      return last.effects.map(({ type }) => type);
    },
    get wakesIn() {
      return connection.wake_at === null ? null : (connection.wake_at - now) / 1000;
    },
  };
}
const lost: ConnectionEvent = { type: "closed", code: 1006, reason: "The connection was lost" };

describe("the connection", () => {
  it("opens, subscribes and is live once the server has confirmed", () => {
    const machine = drive().send("connect");
    expect(machine.is).toMatchObject({ state: "connecting", attempt: 1 });
    expect(machine.did).toEqual(["open", "wake"]);
    expect(machine.send("opened").did).toEqual(["subscribe"]);
    expect(machine.is.state).toBe("connecting");
    expect(machine.send("subscribed").is).toMatchObject({ state: "live", last_frame_at: START });
  });

  it("waits a jittered time after a loss, with the count-down known, and then recovers", () => {
    const machine = drive().live().at(60).send(lost, 0.5);
    expect(machine.is).toMatchObject({ state: "backing_off", attempt: 0, reason: "The connection was lost" });
    expect(machine.is.retry_at).toBe(START + 60_000 + 250);
    expect(machine.at(60.25).send("wake").is).toMatchObject({ state: "recovering", attempt: 1 });
    expect(machine.did).toEqual(["open", "wake"]);
  });

  it("doubles the ceiling from 0.5 s to 30 s and draws evenly below it", () => {
    const ceilings = Array.from({ length: 9 }, (_, i) => backoffDelay(i + 1, 1) / 1000);
    expect(ceilings).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
    expect(backoffDelay(5, 0)).toBe(0);
    expect(backoffDelay(500, 0.5)).toBe(15_000);
  });

  it("keeps the count of attempts over a connection that did not last, and forgets it after one that did", () => {
    const machine = drive().live().at(1).send(lost).at(2).send("wake").send("opened").send("subscribed");
    expect(machine.at(5).send(lost).is.attempt).toBe(2);
    machine.at(10).send("wake").send("opened").send("subscribed");
    expect(machine.at(21).send(lost).at(22).send("wake").is.attempt).toBe(1);
  });

  it("gives up an attempt that is not answered within 10 s", () => {
    const machine = drive().send("connect").send("opened").at(10).send("wake");
    expect(machine.is).toMatchObject({ state: "backing_off", reason: "The server did not answer in time" });
    expect(machine.did).toEqual(["close", "wake"]);
  });

  it("recovers at once when no frame came for 15 s, and not before", () => {
    const machine = drive().live().at(9).send("frame").at(15).send("wake");
    expect(machine.is.state).toBe("live");
    expect(machine.wakesIn).toBe(9);
    machine.at(24).send("wake");
    expect(machine.is).toMatchObject({ state: "recovering", reason: "Nothing came for 15 s" });
    expect(machine.did).toEqual(["close", "open", "wake"]);
  });

  it("is not fooled by a clock that was set back an hour", () => {
    const machine = drive().live().at(-3600).send("wake");
    expect(machine.is.state).toBe("live");
    expect(machine.wakesIn).toBe(15);
  });

  it("is denied by a close code that says not to come back, until someone connects again", () => {
    for (const code of [4401, 4403, 4410, 4429, 1008]) {
      const machine = drive().live().send({ type: "closed", code, reason: "Signed out" });
      expect(machine.is).toMatchObject({ state: "denied", code, wake_at: null });
      expect(machine.send("online").send("visible").send("wake").is.state).toBe("denied");
      expect(machine.send("connect").is).toMatchObject({ state: "recovering", attempt: 1 });
    }
  });

  it("comes back after the codes that say so", () => {
    for (const code of [1000, 1001, 1006, 1011, 4000, 4001, 4002])
      expect(drive().live().send({ type: "closed", code, reason: "" }).is.state).toBe("backing_off");
  });

  it("is denied by a refused handshake", () => {
    const machine = drive().send("connect").send({ type: "refused", reason: "No such token" });
    expect(machine.is).toMatchObject({ state: "denied", reason: "No such token" });
    expect(machine.did).toEqual(["close", "wake"]);
  });

  it("asks whether the path still carries when the browser reports a change of network", () => {
    const machine = drive().live().at(1).send("offline");
    expect(machine.is.state).toBe("live");
    expect(machine.did).toEqual(["ping", "wake"]);
    expect(machine.wakesIn).toBe(5);
    expect(machine.at(2).send("frame").at(6).send("wake").is.state).toBe("live");
    machine.at(7).send("online").at(12).send("wake");
    expect(machine.is.state).toBe("recovering");
  });

  it("says offline when a connection is lost without network, tries seldom, and opens as soon as it is back", () => {
    const machine = drive().live().at(1).send("offline").send(lost, 0.5);
    expect(machine.is.state).toBe("offline");
    expect(machine.wakesIn).toBe(22.5);
    expect(machine.at(24).send("wake").is.state).toBe("recovering");
    expect(machine.send(lost).is.state).toBe("offline");
    expect(machine.send("online").is.state).toBe("recovering");
    expect(drive().live().send(lost).send("offline").is.state).toBe("offline");
  });

  it("works without network where the server is on this machine", () => {
    expect(drive().send("offline").live().is.state).toBe("live");
  });

  it("does not let someone who looks at the page wait", () => {
    expect(drive().live().send(lost).send("visible").is.state).toBe("recovering");
    expect(drive().live().at(20).send("visible").is.state).toBe("recovering");
    expect(drive().live().at(6).send("visible").did).toEqual(["ping", "wake"]);
    expect(drive().live().at(1).send("visible").did).toEqual([]);
  });

  it("retries by hand from anywhere", () => {
    expect(drive().live().send("retry").did).toEqual(["close", "open", "wake"]);
    expect(drive().live().send(lost).send("retry").is.state).toBe("recovering");
    expect(drive().send("retry").is.state).toBe("connecting");
    expect(drive().send("connect").send("retry").did).toEqual([]);
  });

  it("goes idle when told to, closing what is open, and starts anew after that", () => {
    const machine = drive().live().send("disconnect");
    expect(machine.is).toMatchObject({ state: "idle", wake_at: null, attempt: 0 });
    expect(machine.did).toEqual(["close", "wake"]);
    expect(machine.send(lost).send("wake").is.state).toBe("idle");
    expect(machine.send("connect").is.state).toBe("connecting");
  });

  it("stays down after a loss where it was told not to reconnect by itself", () => {
    const machine = drive(false).live().send(lost);
    expect(machine.is).toMatchObject({ state: "idle", reason: "The connection was lost" });
  });
});

const anyEvent: fc.Arbitrary<ConnectionEvent> = fc.oneof(
  fc
    .constantFrom("connect", "disconnect", "retry", "opened", "subscribed", "frame", "wake")
    .map((type) => ({ type }) as ConnectionEvent),
  fc.constantFrom("online", "offline", "visible").map((type) => ({ type }) as ConnectionEvent),
  fc.constantFrom(1000, 1006, 1008, 4000, 4001, 4401, 4410).map((code) => ({
    type: "closed" as const,
    code,
    reason: "",
  })),
  fc.constant({ type: "refused" as const, reason: "" }),
);
const anyHistory = fc.array(
  fc.tuple(anyEvent, fc.nat(40_000), fc.double({ min: 0, max: 0.999, noNaN: true })),
);

describe("whatever has happened", () => {
  it("a state that waits has a time to wake at, and a transport is never opened over another", () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        let connection = initialConnection(START);
        let now = START;
        let open = false;
        for (const [event, passed, random] of history) {
          now += passed;
          // A transport that has closed or refused is gone without being told to.
          if (event.type === "closed") open = false;
          const step = stepConnection(connection, event, { now, random });
          for (const effect of step.effects) {
            if (effect.type === "close") open = false;
            if (effect.type === "open") {
              expect(open).toBe(false);
              open = true;
            }
            if (effect.type === "wake") expect(effect.at).toBe(step.connection.wake_at);
          }
          connection = step.connection;
          const rests = connection.state === "idle" || connection.state === "denied";
          expect(connection.wake_at === null).toBe(rests);
          if (rests) expect(open).toBe(false);
        }
      }),
    );
  });

  it("it is live within 45 s of the network being good", () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        let connection: Connection = initialConnection(START);
        let now = START;
        for (const [event, passed, random] of history) {
          now += passed;
          connection = stepConnection(connection, event, { now, random }).connection;
        }
        const good = now;
        const answer = (event: ConnectionEvent) => {
          const step = stepConnection(connection, event, { now, random: 0.999 });
          connection = step.connection;
          // A good network answers every opening and every ping.
          for (const effect of step.effects) {
            if (effect.type === "open") answer({ type: "opened" });
            if (effect.type === "subscribe") answer({ type: "subscribed" });
            if (effect.type === "ping") answer({ type: "frame" });
          }
        };
        if (connection.state === "idle" || connection.state === "denied") answer({ type: "connect" });
        for (let i = 0; connection.state !== "live"; i++) {
          expect(i).toBeLessThan(10);
          now = Math.max(now, connection.wake_at!);
          answer({ type: "wake" });
        }
        expect(now - good).toBeLessThanOrEqual(CONNECTION_TIMES.backoff_most + 15_000);
      }),
    );
  });
});

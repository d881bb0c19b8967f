import { beforeEach, describe, expect, it } from "vitest";
import type { RealtimeSession } from "../realtime/realtime.ts";
import { fakeMetrics } from "../testing/fake-system.ts";
import type { Place } from "./open-sockets.ts";
import type { RawConnection } from "./raw-connection.ts";
import { HEARTBEAT_MS, RawConversation } from "./raw-conversation.ts";

let bytes_read: number;
let pings: number;
let terminated: boolean;
let conversation: RawConversation;

beforeEach(() => {
  bytes_read = 0;
  pings = 0;
  terminated = false;
  const connection = {
    get bytes_read() {
      return bytes_read;
    },
    ping: () => pings++,
    terminate: () => {
      terminated = true;
    },
  } as unknown as RawConnection;
  conversation = new RawConversation(connection, {} as RealtimeSession, {} as Place, fakeMetrics());
});

describe("the heartbeat of a raw socket", () => {
  it("[R-10.5] gives up a peer that dies right after an answer once three pings are unanswered, within 45 s", () => {
    conversation.heartbeat();
    bytes_read += 6;
    let beats = 0;
    for (; !terminated; beats++) conversation.heartbeat();
    expect(pings).toBe(1 + 3);
    expect(beats * HEARTBEAT_MS).toBeLessThanOrEqual(45_000);
  });

  it("[R-10.5] counts whatever comes as an answer, part of a long message included", () => {
    for (let beat = 0; beat < 30; beat++) {
      if (beat % 3 === 2) bytes_read++;
      conversation.heartbeat();
    }
    expect(terminated).toBe(false);
    expect(pings).toBe(30);
  });
});

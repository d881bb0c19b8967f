import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LIMITS } from "../protocol/messages.ts";
import { clientFrame, closeCodeIn, openTcp, type RawTcp, upgradeRequest } from "../testing/raw-tcp.ts";
import { openStage, type Stage } from "../testing/stage.ts";
import { until } from "../testing/test-clients.ts";

let stage: Stage;
let connections: RawTcp[];
beforeEach(async () => {
  connections = [];
  stage = await openStage({
    gateway: { connect_within_ms: 100, heartbeat_ms: 30, allowed_origins: ["https://ours.example"] },
  });
});
afterEach(async () => {
  for (const { socket } of connections) socket.destroy();
  await stage.dispose();
});

const tcp = (first: string) => {
  const connection = openTcp(stage.url, first);
  connections.push(connection);
  return connection;
};
const token = (tenant_id = "acme") => stage.authenticator.grant({ tenant_id });
const answer = async (first: string) => {
  const received = await tcp(first).ended;
  return { status: Number(received.split(" ")[1]), body: received.split("\r\n\r\n")[1] ?? "", received };
};
const dashboard = (tenant = "acme") => `/ws/dashboard/${tenant}?token=${token()}`;
const host = () => new URL(stage.url).host;

describe("The handshake of a raw WebSocket", () => {
  it("[R-10.1] without Sec-WebSocket-Key, as typed with curl, says at once how it is done", async () => {
    const { status, body } = await answer(upgradeRequest(dashboard(), { "Sec-WebSocket-Key": undefined }));
    expect(status).toBe(400);
    expect(JSON.parse(body).detail).toContain("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
    const plain = await fetch(`${stage.url}/ws/dashboard/acme`);
    expect(plain.status).toBe(400);
    expect(await plain.text()).toContain("speaks WebSocket");
  });

  it("[bad input 1] no token, an unknown one and an empty one get 401", async () => {
    for (const query of ["", "?token=", "?token=unknown", "?ticket=unknown", "?token=a&token=b"])
      expect((await answer(upgradeRequest(`/ws/dashboard/acme${query}`))).status).toBe(401);
  });

  it("[bad input 5] a ticket works once", async () => {
    const target = `/ws/dashboard/acme?ticket=${token()}`;
    await tcp(upgradeRequest(target)).until((received) => received.includes("101 Switching"));
    expect((await answer(upgradeRequest(target))).status).toBe(401);
  });

  it("[bad input 6] a foreign, null or look-alike Origin gets 403, our own and allowed ones do not", async () => {
    for (const origin of [
      "https://evil.example",
      "null",
      `http://${host()}.evil.example`,
      `http://evil.example/${host()}`,
      `https://${host()}`,
      "https://ours.example.evil",
      "http://ours.example",
    ]) {
      expect((await answer(upgradeRequest(dashboard(), { Host: host(), Origin: origin }))).status).toBe(403);
      const polling = await fetch(`${stage.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } });
      expect(polling.status).toBe(403);
    }
    for (const origin of [`http://${host()}`, "https://ours.example"]) {
      const opened = tcp(upgradeRequest(dashboard(), { Host: host(), Origin: origin }));
      expect(await opened.until((received) => received.includes("\r\n"))).toContain("101 Switching");
    }
  });

  it("[R-5.5] a session's cookie counts only with an Origin", async () => {
    const cookie = `session=${token()}`;
    expect((await answer(upgradeRequest("/ws/dashboard/acme", { Cookie: cookie }))).status).toBe(403);
    const own = upgradeRequest("/ws/dashboard/acme", {
      Cookie: cookie,
      Host: host(),
      Origin: `http://${host()}`,
    });
    expect(await tcp(own).until((received) => received.includes("\r\n"))).toContain("101 Switching");
  });

  it("[bad input 7] an address that X-Forwarded-For makes up counts as the same", async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 125; i++)
      statuses.push(
        (await answer(upgradeRequest("/ws/dashboard/acme?token=x", { "X-Forwarded-For": `10.0.0.${i}` })))
          .status,
      );
    expect(statuses.slice(0, 120).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(120)).toEqual([429, 429, 429, 429, 429]);
    expect(await tcp(upgradeRequest(dashboard())).until((received) => received.includes("\r\n"))).toContain(
      "101",
    );
  });

  it("[bad input 13] [bad input 28] another tenant in the path gets 403, whether it exists or not", async () => {
    token("globex");
    const foreign = await answer(upgradeRequest(dashboard("globex")));
    const absent = await answer(upgradeRequest(dashboard("no-such-tenant")));
    expect(foreign.status).toBe(403);
    expect(absent.received).toBe(foreign.received);
  });

  it("[bad input 14] a path that names no possible tenant gets 400", async () => {
    for (const tenant of ["t1:*", "..%2Ft2", "%00", "__proto__", "%E0%A4%A", "ACME"])
      expect((await answer(upgradeRequest(dashboard(tenant)))).status).toBe(400);
    expect((await answer(upgradeRequest("/ws/dashboard/../t2"))).status).toBe(404);
  });

  it("[bad input 27] offered compression is declined", async () => {
    const opened = tcp(upgradeRequest(dashboard(), { "Sec-WebSocket-Extensions": "permessage-deflate" }));
    const received = await opened.until((text) => text.includes("\r\n\r\n"));
    expect(received).toContain("101 Switching");
    expect(received).not.toContain("permessage-deflate");
  });

  it("[bad input 29] an absolute-form target is refused and nothing contacted", async () => {
    for (const target of ["http://127.0.0.1:1/ws/dashboard/acme", "//127.0.0.1:1/ws/dashboard/acme", "*"])
      expect((await answer(upgradeRequest(target))).status).toBe(400);
  });

  it("an upgrade of anything else gets 404, and the pages' own goes to them", async () => {
    for (const target of ["/", "/ws", "/api/ingest", "/_next/webpack-hmr", "/socket.iox"])
      expect((await answer(upgradeRequest(target))).status).toBe(404);
  });

  it("logs no credential", async () => {
    await answer(upgradeRequest("/ws/dashboard/acme?token=very-secret"));
    expect(JSON.stringify(stage.logger.lines)).not.toContain("very-secret");
  });
});

describe("A raw WebSocket that breaks the rules", () => {
  const opened = async () => {
    const connection = tcp(upgradeRequest(dashboard()));
    await connection.until((received) => received.includes("\r\n\r\n"));
    return connection;
  };

  it("[R-10.4] [bad input 21] bad JSON gets an error, the third closes with 1008", async () => {
    const connection = await opened();
    connection.socket.write(clientFrame(0x81, "{oops"));
    await connection.until((received) => received.includes('"invalid_message"'));
    expect(closeCodeIn(connection.received())).toBeUndefined();
    connection.socket.write(clientFrame(0x82, Buffer.from([1, 2, 3])));
    connection.socket.write(clientFrame(0x81, ""));
    expect(closeCodeIn(await connection.until((received) => closeCodeIn(received) !== undefined))).toBe(1008);
  });

  it("[R-9.1] [bad input 22] a message above 64 KB closes with 1009", async () => {
    const fits = await opened();
    const padded = (length: number) => {
      const json = '{"type":"ping","t":1}';
      return json + " ".repeat(length - json.length);
    };
    fits.socket.write(clientFrame(0x81, padded(LIMITS.message_bytes)));
    await fits.until((received) => received.includes('"pong"'));
    const connection = await opened();
    connection.socket.write(clientFrame(0x81, padded(LIMITS.message_bytes + 1)));
    expect(closeCodeIn(await connection.until((received) => closeCodeIn(received) !== undefined))).toBe(1009);
  });

  it("[bad input 23] an unmasked frame, RSV bits and an unknown opcode close with 1002", async () => {
    for (const frame of [clientFrame(0x81, "{}", false), clientFrame(0xc1, "{}"), clientFrame(0x83, "{}")]) {
      const connection = await opened();
      connection.socket.write(frame);
      expect(closeCodeIn(await connection.until((received) => closeCodeIn(received) !== undefined))).toBe(
        1002,
      );
    }
  });

  it("[bad input 24] bad UTF-8 closes with 1007", async () => {
    const connection = await opened();
    connection.socket.write(clientFrame(0x81, Buffer.from([0xff, 0xfe])));
    expect(closeCodeIn(await connection.until((received) => closeCodeIn(received) !== undefined))).toBe(1007);
  });

  it("[bad input 25] fragments without end are ended", async () => {
    const connection = await opened();
    connection.socket.write(clientFrame(0x01, ""));
    const fragment = clientFrame(0x00, "");
    connection.socket.write(Buffer.concat(Array.from({ length: 2_000 }, () => fragment)));
    expect(closeCodeIn(await connection.until((received) => closeCodeIn(received) !== undefined))).toBe(1008);
  });

  it("[bad input 26] a flood of pings from one that does not read is terminated", async () => {
    const connection = await opened();
    connection.socket.pause();
    const pings = Buffer.concat(Array.from({ length: 5_000 }, () => clientFrame(0x89, "x".repeat(125))));
    const flood = () => {
      if (!connection.socket.destroyed) connection.socket.write(pings, () => setImmediate(flood));
    };
    flood();
    await until(() => stage.gateway.counts().raw === 0, "the end of the flood", 15_000);
  });

  it("[R-10.5] a peer that answers no ping is given up", async () => {
    const connection = await opened();
    await until(() => stage.gateway.counts().raw === 1);
    // This client knows nothing of pings.
    await connection.ended;
    expect(connection.received()).toContain("\x89\x00");
    expect(stage.metrics.counts.get("foresight_sockets_lost_total")).toBe(1);
  });
});

describe("Engine.IO", () => {
  const handshake = async (query = "EIO=4&transport=polling") => fetch(`${stage.url}/socket.io/?${query}`);
  const sidOf = async () => JSON.parse((await (await handshake()).text()).slice(1)).sid as string;

  it("[bad input 8] another version gets 400", async () => {
    expect((await handshake("EIO=3&transport=polling")).status).toBe(400);
  });

  it("[bad input 9] a binary polling POST gets 400 and ends the session", async () => {
    const sid = await sidOf();
    const address = `${stage.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    const posted = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body: new Uint8Array([4, 1]),
    });
    expect(posted.status).toBe(400);
    expect((await fetch(address)).status).toBe(400);
  });

  it("[bad input 10] sid=__proto__ gets 400", async () => {
    for (const sid of ["__proto__", "constructor", "nonsense"])
      expect((await handshake(`EIO=4&transport=polling&sid=${sid}`)).status).toBe(400);
  });

  it("[bad input 11] without CONNECT the connection is closed, and with a refused one too", async () => {
    const silent = tcp(upgradeRequest("/socket.io/?EIO=4&transport=websocket"));
    const refused = tcp(upgradeRequest("/socket.io/?EIO=4&transport=websocket"));
    await refused.until((received) => received.includes('"sid"'));
    refused.socket.write(clientFrame(0x81, '40/dashboard,{"token":"unknown"}'));
    refused.socket.write(clientFrame(0x81, "40"));
    expect(await refused.ended).toContain('44/dashboard,{"message"');
    expect(refused.received()).toContain('"code":"unauthorized"');
    expect(refused.received()).toContain('"code":"not_found"');
    await silent.ended;
  });

  it("[R-10.1] a namespace that there is not is refused with those that there are, again and again", async () => {
    const connection = tcp(upgradeRequest("/socket.io/?EIO=4&transport=websocket"));
    await connection.until((received) => received.includes('"sid"'));
    for (const name of ["/dashbord", "/dashbord", "/__proto__"]) {
      const before = connection.received().length;
      connection.socket.write(clientFrame(0x81, `40${name},{"token":"${token()}"}`));
      await connection.until((received) => received.includes(`44${name},`, before));
      expect(connection.received().slice(before)).toContain(
        "The namespaces are /dashboard, /sensor_data, /alerts, /health_scores.",
      );
    }
    connection.socket.write(clientFrame(0x81, `40/dashboard,{"token":"${token()}"}`));
    await connection.until((received) => received.includes('40/dashboard,{"sid"'));
  });

  it("[bad input 17] credentials that are no text are none", async () => {
    const connection = tcp(upgradeRequest("/socket.io/?EIO=4&transport=websocket"));
    await connection.until((received) => received.includes('"sid"'));
    connection.socket.write(clientFrame(0x81, '40/dashboard,{"token":{"$ne":null},"ticket":null}'));
    expect(await connection.ended).toContain('"code":"unauthorized"');
  });

  it("[bad input 20] binary attachments disconnect", async () => {
    for (const attack of [
      [
        clientFrame(0x81, '451-/dashboard,["subscribe",{"_placeholder":true,"num":0}]'),
        clientFrame(0x82, "x"),
      ],
      [clientFrame(0x82, "x")],
      [clientFrame(0x81, "4not a packet")],
      [clientFrame(0x81, '42/dashboard,["connect"]')],
    ]) {
      const connection = tcp(upgradeRequest("/socket.io/?EIO=4&transport=websocket"));
      await connection.until((received) => received.includes('"sid"'));
      connection.socket.write(clientFrame(0x81, `40/dashboard,{"token":"${token()}"}`));
      await connection.until((received) => received.includes("40/dashboard,"));
      for (const frame of attack) connection.socket.write(frame);
      await connection.until((received) => received.includes("\x88"));
      expect(connection.received()).toContain("\x88");
    }
    await until(() => stage.gateway.counts().socketio === 0);
  });

  it("[bad input 22] a message above 64 KB closes with 1009", async () => {
    const connection = tcp(upgradeRequest("/socket.io/?EIO=4&transport=websocket"));
    await connection.until((received) => received.includes('"sid"'));
    connection.socket.write(clientFrame(0x81, `4${" ".repeat(LIMITS.message_bytes)}`));
    expect(closeCodeIn(await connection.until((received) => received.includes("\x88")))).toBe(1009);
  });
});

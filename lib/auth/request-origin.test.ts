import { describe, expect, it } from "vitest";
import { clientAddress, PEER_HEADERS, stampPeer } from "./client-address.ts";
import { isOwnOrigin, requestOrigin, sameOriginUrl } from "./request-origin.ts";

const settings = { allowed_origins: ["https://wall.example"], trusted_proxies: 0 };
const headers = (values: Record<string, string>) => new Headers(values);

describe("the origin of a request", () => {
  it("on loopback is the host that was asked, whatever address is configured", () => {
    const configured = { ...settings, public_url: "http://localhost:8000" };
    for (const host of ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
      expect(requestOrigin(headers({ host }), configured)).toBe(`http://${host}`);
  });

  it("elsewhere is the configured address, and what a client claims in its headers is not believed", () => {
    const configured = { ...settings, public_url: "https://foresight.example/" };
    const claimed: Record<string, string>[] = [
      { host: "evil.example" },
      { host: "evil.example", "x-forwarded-host": "localhost", "x-forwarded-proto": "http" },
    ];
    for (const claims of claimed)
      expect(requestOrigin(headers(claims), configured)).toBe("https://foresight.example");
  });

  it("what is no host is not repeated", () => {
    for (const host of ["evil.example/x", "a b", "x@evil.example", "", "[::1", "localhost:8000,evil.example"])
      expect(requestOrigin(headers({ host }), settings)).toBe("http://localhost");
  });

  it("[bad input 6] a foreign, null or look-alike Origin is not our own", () => {
    const host = "localhost:8000";
    const own = (values: Record<string, string>) => isOwnOrigin(headers({ host, ...values }), settings);
    expect(own({ origin: "http://localhost:8000", "sec-fetch-site": "same-origin" })).toBe(true);
    expect(own({ origin: "https://wall.example", "sec-fetch-site": "cross-site" })).toBe(true);
    expect(own({ "sec-fetch-site": "same-origin" })).toBe(true);
    for (const origin of [
      "null",
      "https://evil.example",
      "http://localhost:8000.evil.example",
      "http://localhost:80000",
      "https://localhost:8000",
      "http://127.0.0.1:8000",
      "http://localhost",
      "",
    ])
      expect(own({ origin })).toBe(false);
    expect(own({})).toBe(false);
    expect(own({ "sec-fetch-site": "same-site" })).toBe(false);
    expect(own({ origin: "http://localhost:8000", "sec-fetch-site": "cross-site" })).toBe(false);
  });

  it("[bad input 68] a way back leads to a place of the same origin only", () => {
    const origin = "http://localhost:8000";
    expect(sameOriginUrl("/alerts?state=open", origin)).toBe(`${origin}/alerts?state=open`);
    expect(sameOriginUrl(`${origin}/assets/PUMP-001`, origin)).toBe(`${origin}/assets/PUMP-001`);
    for (const url of [
      "//evil.example",
      "/\\evil.example",
      "https://evil.example/login",
      "javascript:alert(1)",
      "http://localhost:8000@evil.example",
      "http://localhost:8001/",
      "\thttps://evil.example",
    ])
      expect(sameOriginUrl(url, origin)).toBe(`${origin}/`);
  });
});

describe("the address of a client", () => {
  it("[bad input 7] X-Forwarded-For counts only as far as trusted proxies wrote it", () => {
    expect(clientAddress("198.51.100.7", "1.2.3.4", 0)).toBe("198.51.100.7");
    expect(clientAddress("10.0.0.1", "1.2.3.4, 198.51.100.7", 1)).toBe("198.51.100.7");
    expect(clientAddress("10.0.0.1", "1.2.3.4, 198.51.100.7, 10.0.0.2", 2)).toBe("198.51.100.7");
    expect(clientAddress("10.0.0.1", undefined, 1)).toBe("10.0.0.1");
    expect(clientAddress("10.0.0.1", " , ", 1)).toBe("10.0.0.1");
    expect(clientAddress(undefined, undefined, 0)).toBe("unknown");
  });

  it("only a direct request of this machine by its own name is local, and nobody can claim it", () => {
    const stamped = (remoteAddress: string, values: Record<string, string>) => {
      const request = { headers: { host: "localhost:8000", ...values }, socket: { remoteAddress } };
      stampPeer(request, 0);
      return new Headers(request.headers as Record<string, string>).get(PEER_HEADERS.local);
    };
    expect(stamped("127.0.0.1", {})).toBe("1");
    expect(stamped("::ffff:127.0.0.1", {})).toBe("1");
    expect(stamped("198.51.100.7", { [PEER_HEADERS.local]: "1" })).toBe("0");
    expect(stamped("127.0.0.1", { "x-forwarded-for": "198.51.100.7" })).toBe("0");
    expect(stamped("127.0.0.1", { host: "evil.example" })).toBe("0");
  });
});

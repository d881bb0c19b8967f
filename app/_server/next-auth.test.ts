import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createInProcessSharedState } from "../../lib/adapters/embedded/shared-state.ts";
import { readConfig } from "../../lib/runtime/config.ts";
import { type App, publishApp, runningApp } from "../../lib/runtime/handle.ts";
import { createHttpParts, HTTP_PASSWORD } from "../../lib/testing/http-parts.ts";
import * as alerts from "../api/alerts/route.ts";
import * as auth from "../api/auth/[...nextauth]/route.ts";
import * as me from "../api/me/route.ts";
import * as tickets from "../api/tickets/route.ts";

let parts: Awaited<ReturnType<typeof createHttpParts>>;
const configure = (environment: Record<string, string> = {}, change: Partial<App> = {}) =>
  publishApp({ ...parts.app, config: readConfig({}, environment), ...change });
beforeAll(async () => {
  parts = await createHttpParts();
});
beforeEach(() => configure());
afterAll(async () => {
  publishApp(undefined);
  await parts.dispose();
});

/** A browser as far as signing in needs one: it keeps cookies and sends Host and Origin. */
class Browser {
  readonly jar = new Map<string, string>();
  constructor(
    readonly origin = "http://localhost:8000",
    readonly headers: Record<string, string> = {},
  ) {}

  async send(module: typeof auth, method: "GET" | "POST", path: string, body?: unknown, form = false) {
    const response = await module[method](
      new Request(`http://localhost:8000${path}`, {
        method,
        headers: {
          host: new URL(this.origin).host,
          cookie: [...this.jar].map(([name, value]) => `${name}=${value}`).join("; "),
          ...(method === "POST" && { origin: this.origin, "sec-fetch-site": "same-origin" }),
          ...(body !== undefined && {
            "content-type": form ? "application/x-www-form-urlencoded" : "application/json",
          }),
          ...this.headers,
        },
        ...(body !== undefined && {
          body: form ? new URLSearchParams(body as Record<string, string>).toString() : JSON.stringify(body),
        }),
      }),
    );
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      const value = pair.slice(at + 1);
      if (value === "" || /max-age=0/i.test(line)) this.jar.delete(pair.slice(0, at));
      else this.jar.set(pair.slice(0, at), value);
    }
    return response;
  }

  async csrf(): Promise<string> {
    const response = await this.send(auth, "GET", "/api/auth/csrf");
    return ((await response.json()) as { csrfToken: string }).csrfToken;
  }

  async signIn(fields: Record<string, unknown> = {}, form = false): Promise<Response> {
    return this.send(
      auth,
      "POST",
      "/api/auth/callback/credentials",
      {
        username: "operator@demo",
        password: HTTP_PASSWORD,
        csrfToken: await this.csrf(),
        ...(!form && { json: "true" }),
        ...fields,
      },
      form,
    );
  }

  async me(): Promise<number> {
    return (await this.send(me, "GET", "/api/me")).status;
  }
}

const urlOf = async (response: Response) => ((await response.json()) as { url: string }).url;

describe("signing in with next-auth", () => {
  it("gives a session that the API, and only the same installation, accepts", async () => {
    const browser = new Browser();
    expect(await browser.me()).toBe(401);
    const answer = await browser.signIn();
    expect(answer.status).toBe(200);
    const cookie = answer.headers.getSetCookie().find((line) => line.includes("session-token"))!;
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(await browser.me()).toBe(200);
    const session = await (await browser.send(auth, "GET", "/api/auth/session")).json();
    expect(session).toMatchObject({ user: { name: "operator@demo", tenant_id: "demo", role: "operator" } });
    expect((await browser.send(tickets, "POST", "/api/tickets")).status).toBe(201);
  });

  it("works under localhost and 127.0.0.1 alike, whatever address is configured", async () => {
    configure({ NEXTAUTH_URL: "http://localhost:8000" });
    for (const origin of ["http://localhost:8000", "http://127.0.0.1:8000", "http://127.0.0.1:9000"]) {
      const browser = new Browser(origin);
      expect(await urlOf(await browser.signIn({ callbackUrl: "/alerts" }))).toBe(`${origin}/alerts`);
      expect(await browser.me()).toBe(200);
      const form = await new Browser(origin).signIn({ callbackUrl: `${origin}/upload` }, true);
      expect([form.status, form.headers.get("location")]).toEqual([302, `${origin}/upload`]);
    }
  });

  it("uses secure cookies under the configured https address", async () => {
    configure({ NEXTAUTH_URL: "https://foresight.example" });
    const browser = new Browser("https://foresight.example");
    await browser.signIn();
    expect([...browser.jar.keys()]).toContain("__Secure-next-auth.session-token");
    expect(await browser.me()).toBe(200);
  });

  it("[bad input 64] a password that is no text is 401", async () => {
    for (const fields of [{ password: { $ne: null } }, { username: { $gt: "" } }, { password: ["x"] }]) {
      const browser = new Browser();
      expect((await browser.signIn(fields)).status).toBe(401);
      expect(await browser.me()).toBe(401);
    }
  });

  it("[R-5.10] [bad input 65] the eleventh attempt after ten failures is 429, and another address is let in", async () => {
    configure({}, { shared: createInProcessSharedState({ clock: parts.app.clock }) });
    const from = (address: string) => new Browser(undefined, { "x-foresight-address": address });
    const attacker = from("192.0.2.1");
    for (let i = 0; i < 10; i++) expect((await attacker.signIn({ password: "wrong" })).status).toBe(401);
    const refused = await attacker.signIn();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await urlOf(refused)).toContain("/login?error=Throttled-");
    expect((await from("192.0.2.2").signIn()).status).toBe(200);
  });

  it("[bad input 66] an unknown user and a wrong password get the same answer", async () => {
    const answers = await Promise.all(
      [{ password: "wrong" }, { username: "nobody@demo" }].map(async (fields) => {
        const answer = await new Browser().signIn(fields);
        return [answer.status, await answer.text()];
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]![0]).toBe(401);
  });

  it("[bad input 67] a password of a megabyte is 400", async () => {
    expect((await new Browser().signIn({ password: "x".repeat(1_000_000) })).status).toBe(400);
    expect((await new Browser().signIn({ password: "x".repeat(1_000_000) }, true)).status).toBe(400);
    expect((await new Browser().signIn({ password: "x".repeat(2_000) })).status).toBe(400);
  });

  it("[bad input 68] a way back to elsewhere leads to our own root", async () => {
    for (const callbackUrl of [
      "//evil.example",
      "https://evil.example/",
      "/\\evil.example",
      "http://localhost:1/",
    ]) {
      expect(await urlOf(await new Browser().signIn({ callbackUrl }))).toBe("http://localhost:8000/");
      const form = await new Browser().signIn({ callbackUrl }, true);
      expect(new URL(form.headers.get("location")!).origin).toBe("http://localhost:8000");
    }
    const browser = new Browser();
    const path = "/api/auth/signin?callbackUrl=%2F%2Fevil.example";
    const page = await browser.send(auth, "GET", path);
    expect(page.headers.get("location")).toBe(
      "http://localhost:8000/login?callbackUrl=http%3A%2F%2Flocalhost%3A8000%2F",
    );
  });

  it("without the CSRF token nobody is signed in", async () => {
    const browser = new Browser();
    await browser.signIn({ csrfToken: "guessed" });
    expect(await browser.me()).toBe(401);
  });

  it("[R-5.9] signing out revokes the session, so a kept copy of its cookie is worth nothing", async () => {
    const browser = new Browser();
    await browser.signIn();
    const copy = new Browser();
    for (const [name, value] of browser.jar) copy.jar.set(name, value);
    const out = await browser.send(auth, "POST", "/api/auth/signout", {
      csrfToken: await browser.csrf(),
      json: "true",
    });
    expect(await urlOf(out)).toBe("http://localhost:8000/");
    expect(await browser.me()).toBe(401);
    expect(await copy.me()).toBe(401);
    expect(await (await copy.send(auth, "GET", "/api/auth/session")).json()).toEqual({});
  });

  it("changing a person's role, password or standing ends the session", async () => {
    const browser = new Browser();
    await browser.signIn({ username: "viewer@demo" });
    expect(await browser.me()).toBe(200);
    await runningApp().store.updateUser("viewer@demo", { disabled: true }, Date.now());
    expect(await browser.me()).toBe(401);
    expect((await browser.signIn({ username: "viewer@demo" })).status).toBe(401);
    await runningApp().store.updateUser("viewer@demo", { disabled: false }, Date.now());
  });

  it("nobody writes into the log through next-auth, and addresses it does not know are refused as text", async () => {
    const browser = new Browser();
    const logged = parts.logger.lines.length;
    for (const body of [
      { code: "x", level: "error", more: "y" },
      { code: "x", level: "constructor" },
    ])
      expect((await browser.send(auth, "POST", "/api/auth/_log", body)).status).toBe(200);
    expect(parts.logger.lines).toHaveLength(logged);
    const unknown = await browser.send(auth, "GET", "/api/auth/callback/github");
    expect(unknown.status).toBe(400);
    expect(unknown.headers.get("content-type")).toBe("text/plain");
  });

  it("[R-5.7] [bad input 6] a page of another origin cannot act with the session", async () => {
    const browser = new Browser();
    await browser.signIn();
    const body = { asset_id: "PUMP-001", title: "By a page of ours", severity: "info" };
    // That a page may open sockets lets it do nothing else.
    configure({ ALLOWED_ORIGINS: "https://wall.example,http://localhost:5500" });
    expect((await browser.send(alerts, "POST", "/api/alerts", body)).status).toBe(201);
    const headersOf: Record<string, string>[] = [
      { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
      { origin: "null" },
      { origin: "http://localhost:8000.evil.example" },
      { origin: "http://127.0.0.1:8000" },
      { origin: "https://wall.example", "sec-fetch-site": "cross-site" },
      { origin: "http://localhost:5500", "sec-fetch-site": "same-site" },
    ];
    for (const headers of headersOf) {
      const foreign = new Browser(undefined, headers);
      for (const [name, value] of browser.jar) foreign.jar.set(name, value);
      expect((await foreign.send(alerts, "POST", "/api/alerts", body)).status).toBe(403);
    }
  });
});

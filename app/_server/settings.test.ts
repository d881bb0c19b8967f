import { describe, expect, it } from "vitest";
import * as settings from "../api/settings/route.ts";
import { routesUnderTest } from "./testing.ts";

const { ask } = routesUnderTest();
const PATH = "/api/settings";
const berlin = { time_zone: "Europe/Berlin", units: { temperature: "celsius", pressure: "kPa" } };
const put = (body: unknown, as = "admin") => ask(settings, "PUT", PATH, { body, as });
const got = async (as: string) => (await ask(settings, "GET", PATH, { as })).json();

describe("settings of the tenant", () => {
  it("are each reader's own zone and the units that came, until an admin changes them for everyone", async () => {
    expect(await got("viewer")).toEqual({ time_zone: null, units: {} });
    const saved = await put(berlin);
    expect(saved.status).toBe(200);
    expect(saved.json()).toEqual({
      ...berlin,
      changed_at: expect.stringMatching(/Z$/),
      changed_by: "token:admin",
    });
    for (const as of ["admin", "operator", "viewer", "ingest"]) expect(await got(as)).toMatchObject(berlin);
    expect(await got("rival")).toEqual({ time_zone: null, units: {} });
  });

  it("are changed by admins only", async () => {
    for (const as of ["operator", "viewer", "ingest"])
      expect((await put({ time_zone: null, units: {} }, as)).status).toBe(403);
  });

  it.each([
    [{ time_zone: "Mars/Olympus", units: {} }, "time_zone"],
    [{ time_zone: "+01:00", units: {} }, "time_zone"],
    [{ time_zone: 1, units: {} }, "time_zone"],
    [{ time_zone: null, units: { temperature: "bar" } }, "units.temperature"],
    [{ time_zone: null, units: { mood: "celsius" } }, "units.mood"],
    [{ time_zone: null, units: { time: "hours" } }, "units.time"],
    [{ time_zone: null, units: { temperature: { $ne: null } } }, "units.temperature"],
    [{ units: {} }, "time_zone"],
  ])("refuse %j and say where it is wrong", async (body, path) => {
    const answer = await put(body);
    expect(answer.status).toBe(400);
    expect(answer.json<{ errors: { path: string }[] }>().errors.map((error) => error.path)).toContain(path);
  });
});

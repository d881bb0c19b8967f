import { describe, expect, it } from "vitest";
import { codeSample, LANGUAGES } from "./code-samples.ts";

const sample = (language: (typeof LANGUAGES)[number], more: object = {}) =>
  codeSample(language, {
    base: "ws://127.0.0.1:8000",
    tenant_id: "demo",
    subscription: { channels: ["sensor_data", "alerts"], format: "binary", ...more },
  });

describe("code for the present subscription", () => {
  it("asks for what the page asks for, in JSON, in every language", () => {
    for (const language of LANGUAGES) {
      const code = sample(language, { assets: ["PUMP-001", "PUMP-002"], max_rate: 5 });
      expect(code).toContain("ws://127.0.0.1:8000/ws/dashboard/demo?");
      expect(code).toMatch(/"?channels"?: \["sensor_data", "alerts"\],/);
      expect(code).toMatch(/"?format"?: "batch",/);
      expect(code).toMatch(/"?assets"?: \["PUMP-001", "PUMP-002"\],/);
      expect(code).toMatch(/"?max_rate"?: 5,/);
    }
  });
  it("leaves out what the page does not ask for", () => {
    for (const language of LANGUAGES) expect(sample(language)).not.toMatch(/assets|max_rate/);
  });
  it("is JavaScript that parses", () => {
    for (const language of ["Browser", "Node"] as const)
      expect(() => new Function(sample(language).replace(/^import .*$/m, ""))).not.toThrow();
  });
});

import { describe, expect, it } from "vitest";
import type { Alert } from "./alert.ts";
import { type AlertCommand, decideAlert } from "./alert-lifecycle.ts";
import { type Condition, type Rule, ruleSchema } from "./rule.ts";
import { judgeReading, judgeSilence, type RuleState } from "./rule-judgement.ts";
import { rulesFor } from "./rule-selection.ts";

const SENSOR = {
  asset_id: "PUMP-001",
  asset_type: "pump",
  sensor_id: "PUMP-001-TEMP",
  sensor_type: "temperature",
  unit: "celsius",
};

function makeRule(condition: Condition, more: Partial<Rule> = {}): Rule {
  return ruleSchema.parse({
    id: "hot",
    title: "Hot",
    sensor_type: "temperature",
    severity: "critical",
    unit: "celsius",
    condition,
    ...more,
  });
}

/** Judges values, one a second unless [second, value], and tells the commands as `kind@offset`. */
function run(rule: Rule, values: (number | [second: number, value: number])[], unit = "celsius") {
  const [applied] = rulesFor({ ...SENSOR, unit }, [rule]);
  const commands: AlertCommand[] = [];
  let state: RuleState | undefined;
  let previous: { value: number; timestamp: number } | undefined;
  for (const [offset, entry] of values.entries()) {
    const [second, value] = typeof entry === "number" ? [offset, entry] : entry;
    const timestamp = second * 1_000;
    const received_at = 5_000_000 + offset;
    state = judgeReading(
      applied!,
      state,
      { ...SENSOR, unit, value, timestamp, received_at, offset, previous },
      (command) => commands.push(command),
    );
    previous = { value, timestamp };
  }
  return { commands, told: commands.map(({ kind, event_id }) => `${kind}@${event_id.split("@")[1]}`), state };
}

describe("conditions", () => {
  it("[R-7.11] above holds strictly beyond the limit", () => {
    expect(run(makeRule({ kind: "above", limit: 90 }), [89, 90, 90.1]).told).toEqual(["raise@2"]);
  });

  it("[R-7.11] below holds strictly under the limit", () => {
    expect(run(makeRule({ kind: "below", limit: 4 }), [5, 4, 3.9]).told).toEqual(["raise@2"]);
  });

  it("[R-7.11] outside holds on either side, and tells which", () => {
    const rule = makeRule({ kind: "outside", low: 10, high: 20 });
    const { commands, told } = run(rule, [15, 21, 15, 9]);
    expect(told).toEqual(["raise@1", "clear@2", "raise@3"]);
    expect(commands.map((command) => "threshold" in command && command.threshold)).toEqual([20, false, 10]);
  });

  it("[R-7.11] from above straight to below is one condition that goes on holding", () => {
    expect(run(makeRule({ kind: "outside", low: 10, high: 20 }), [25, 5]).told).toEqual(["raise@0"]);
  });

  it("[R-7.11] rate of change looks at the amount a second, rising or falling, from the second reading on", () => {
    const rule = makeRule({ kind: "rate_of_change", limit_per_s: 2 });
    expect(run(rule, [1_000]).told).toEqual([]);
    expect(run(rule, [0, 2, 4.5]).told).toEqual(["raise@2"]);
    expect(run(rule, [10, 5]).told).toEqual(["raise@1"]);
    expect(
      run(rule, [
        [0, 0],
        [10, 19],
      ]).told,
    ).toEqual([]);
  });
});

describe("hysteresis, delay and recurrence", () => {
  it("[R-7.12] while the condition holds nothing further follows", () => {
    expect(run(makeRule({ kind: "above", limit: 90 }), [91, 95, 99, 91]).told).toEqual(["raise@0"]);
  });

  it("[R-7.12] with hysteresis it clears only that far inside the limit", () => {
    const rule = makeRule({ kind: "above", limit: 90 }, { hysteresis: 3 });
    expect(run(rule, [91, 89, 87.1, 91, 87]).told).toEqual(["raise@0", "clear@4"]);
  });

  it("[R-7.12] hysteresis works on the lower side and on rates alike", () => {
    expect(run(makeRule({ kind: "below", limit: 4 }, { hysteresis: 1 }), [3, 4.5, 5]).told).toEqual([
      "raise@0",
      "clear@2",
    ]);
    const rate = makeRule({ kind: "rate_of_change", limit_per_s: 10 }, { hysteresis: 5 });
    expect(run(rate, [0, 11, 18, 23]).told).toEqual(["raise@1", "clear@3"]);
  });

  it("[R-7.13] with a delay it is raised once the condition has held so long by the readings' own time", () => {
    const rule = makeRule({ kind: "above", limit: 90 }, { delay_s: 10 });
    expect(
      run(rule, [
        [0, 91],
        [9, 92],
        [10, 93],
        [11, 94],
      ]).told,
    ).toEqual(["raise@2"]);
  });

  it("[R-7.13] a reading back inside during the delay forgets it", () => {
    const rule = makeRule({ kind: "above", limit: 90 }, { delay_s: 3, hysteresis: 5 });
    expect(run(rule, [91, 91, 89, 91, 91, 91]).told).toEqual([]);
    expect(run(rule, [91, 91, 89, 91, 91, 91, 91]).told).toEqual(["raise@6"]);
  });

  it("[R-7.14] entered again after clearing it is raised again, and counts as recurrence of the same alert", () => {
    const { commands } = run(makeRule({ kind: "above", limit: 90 }), [91, 89, 92, 89]);
    let alert: Alert | undefined;
    const kinds = commands.map((command) => {
      const event = decideAlert(alert, command, "t")!;
      alert = event.alert;
      return event.kind;
    });
    expect(kinds).toEqual(["raised", "cleared", "recurred", "cleared"]);
    expect(alert).toMatchObject({ occurrences: 2, metric_value: 92, state: "cleared" });
  });

  it("[R-7.14] the same reading judged again has the same event ids", () => {
    const rule = makeRule({ kind: "above", limit: 90 });
    expect(run(rule, [91, 89]).commands).toEqual(run(rule, [91, 89]).commands);
    expect(run(rule, [91, 89]).commands.map(({ event_id }) => event_id)).toEqual([
      "hot:PUMP-001:PUMP-001-TEMP:raise@0",
      "hot:PUMP-001:PUMP-001-TEMP:clear@1",
    ]);
  });
});

describe("units and titles", () => {
  it("[R-7.15] a value in another unit is judged and told in the rule's unit", () => {
    const { commands } = run(makeRule({ kind: "above", limit: 90 }), [190, 194, 196.52], "fahrenheit");
    expect(commands).toMatchObject([
      {
        title: "Temperature 91.4 °C above critical limit 90 °C",
        metric_value: 91.4,
        threshold: 90,
        unit: "celsius",
        timestamp: 2_000,
        at: 5_000_002,
      },
    ]);
  });

  it("[R-7.15] what cannot be converted is not judged", () => {
    expect(run(makeRule({ kind: "above", limit: 90 }), [1e9], "bar").told).toEqual([]);
  });

  it("[R-7.15] a rate is converted without the scale's offset", () => {
    const rule = makeRule({ kind: "rate_of_change", limit_per_s: 4.9 });
    expect(run(rule, [32, 41], "fahrenheit").commands).toMatchObject([
      {
        title: "Temperature changes by 5 °C/s, above critical limit 4.9 °C/s",
        metric_value: 5,
        unit: "celsius/s",
      },
    ]);
  });

  it("a title tells the side, and as many digits as set the value apart from the limit", () => {
    expect(run(makeRule({ kind: "below", limit: 4 }), [3.5]).commands).toMatchObject([
      { title: "Temperature 3.5 °C below critical limit 4 °C" },
    ]);
    expect(run(makeRule({ kind: "above", limit: 90 }), [90.000004]).commands).toMatchObject([
      { title: "Temperature 90.000004 °C above critical limit 90 °C" },
    ]);
    expect(
      run(makeRule({ kind: "above", limit: 78.123456 }, { sensor_suffix: "TEMP" }), [81.23456]).commands,
    ).toMatchObject([{ title: "TEMP temperature 81.235 °C above critical limit 78.123456 °C" }]);
  });
});

describe("missing data", () => {
  const rule = makeRule({ kind: "missing_data", after_s: 120 });
  const last = { ...SENSOR, offset: 17, timestamp: 1_000 };

  it("[R-7.16] silence is raised once, with the position of the last reading in its id", () => {
    const commands: AlertCommand[] = [];
    const emit = (command: AlertCommand) => commands.push(command);
    expect(judgeSilence(rule, undefined, last, 119_999, 9, emit)).toBeUndefined();
    const state = judgeSilence(rule, undefined, last, 120_000, 9, emit);
    expect(judgeSilence(rule, state, last, 500_000, 10, emit)).toBe(state);
    expect(commands).toMatchObject([
      {
        event_id: "hot:PUMP-001:PUMP-001-TEMP:raise@17",
        title: "No reading of PUMP-001-TEMP for 2 min",
        metric_value: null,
        at: 9,
        timestamp: 1_000,
      },
    ]);
  });
});

"use client";
import { Select } from "../ui/select.tsx";
import type { Grouping } from "./fleet-view.ts";
import { inWords } from "./names.ts";

/** Which type is shown and by what the assets are grouped. */
export function FleetChoices({
  types,
  type,
  group,
  change,
}: {
  types: readonly string[];
  type: string;
  group: Grouping;
  change: (wanted: Record<string, string | undefined>) => void;
}) {
  return (
    <>
      {types.length > 1 && (
        <Select
          caption="Type"
          value={type}
          onChange={(next) => change({ type: next === "all" ? undefined : next })}
          options={[
            { value: "all", label: "All" },
            ...types.map((value) => ({ value, label: inWords(value) })),
          ]}
        />
      )}
      <Select
        caption="Group by"
        value={group}
        onChange={(next) => change({ group: next === "risk" ? undefined : next })}
        options={[
          { value: "risk", label: "Risk" },
          { value: "type", label: "Type" },
        ]}
      />
    </>
  );
}

"use client";
import { Field, Input } from "../ui/field.tsx";
import { Select } from "../ui/select.tsx";
import { type DraftSource, NAMES, OPTIONAL, type Target } from "./draft.ts";

const CONSTANT = "=";
const NOTHING = "-";
const COLUMN = "c:";

/** A column as a choice of a list, which may have others beside the columns; "" is none. */
export const columnChoice = (column: string): string => `${COLUMN}${column}`;
export const chosenColumn = (choice: string): string => choice.slice(COLUMN.length);

const LABELS: Record<Target, string> = {
  asset_id: "Asset",
  sensor_id: "Sensor",
  sensor_type: "Type",
  unit: "Unit",
  quality: "Quality",
  asset_type: "Asset type",
};

const EXAMPLES: Record<Target, string> = {
  asset_id: "PUMP-001",
  sensor_id: "PUMP-001-TEMP",
  sensor_type: "temperature",
  unit: "celsius",
  quality: "good",
  asset_type: "pump",
};

/** Where one part of the readings comes from: a column, or the same text for all rows. */
export function SourceField({
  target,
  source,
  columns,
  onChange,
}: {
  target: Target;
  source: DraftSource;
  columns: readonly string[];
  onChange: (source: DraftSource) => void;
}) {
  const options = [
    ...(OPTIONAL.has(target) ? [{ value: NOTHING, label: "Not in the file" }] : []),
    { value: CONSTANT, label: "The same for all rows" },
    ...columns.map((column) => ({ value: columnChoice(column), label: column })),
  ];
  const value =
    source.from === "column" ? columnChoice(source.text) : source.from === "constant" ? CONSTANT : NOTHING;
  return (
    <Field label={LABELS[target]}>
      {(field) => (
        <div className="grid gap-1.5">
          <Select
            {...field}
            value={value}
            options={options}
            onChange={(next) =>
              onChange(
                next.startsWith(COLUMN)
                  ? { from: "column", text: chosenColumn(next) }
                  : { from: next === CONSTANT ? "constant" : "nothing", text: "" },
              )
            }
          />
          {source.from === "constant" && (
            <Input
              aria-label={`The ${NAMES[target]} of all rows`}
              value={source.text}
              maxLength={128}
              placeholder={EXAMPLES[target]}
              onChange={(event) => onChange({ from: "constant", text: event.target.value })}
            />
          )}
        </div>
      )}
    </Field>
  );
}

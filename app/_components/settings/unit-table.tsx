"use client";
import { useRef, useState } from "react";
import type { UnitChoice } from "../../../lib/domain/tenant-settings.ts";
import { CHOOSABLE_QUANTITIES, convert, quantityOf, unitsOf } from "../../../lib/domain/units.ts";
import { usePlant } from "../frame/plant.tsx";
import { useAssets, useReady } from "../stream.ts";
import { Button } from "../ui/button.tsx";
import { formatValue, unitSymbol } from "../ui/format.ts";
import { Select } from "../ui/select.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { Table, Td, Th } from "../ui/table.tsx";

const NONE = "none";

/** A value to show a unit by: of a sensor, or 100 of the quantity's first unit. */
interface Example {
  of: string | undefined;
  value: number;
  unit: string;
}

/** Which unit each quantity is shown in, with a value that is so; first those that the plant's sensors measure. */
export function UnitTable({
  label,
  units,
  otherwise = {},
  readOnly,
  onChange,
}: {
  label: string;
  units: UnitChoice;
  /** What holds where none is chosen; absent there too: values are shown as they come. */
  otherwise?: UnitChoice;
  readOnly: boolean;
  onChange: (units: UnitChoice) => void;
}) {
  const [all, setAll] = useState(false);
  const ready = useReady();
  const measured = useMeasured();
  const now = usePlant().units;
  const shown = CHOOSABLE_QUANTITIES.filter(
    (quantity) => all || measured.has(quantity) || units[quantity] !== undefined,
  );
  const choose = (quantity: string, unit: string) => {
    const { [quantity]: _, ...rest } = units;
    onChange(unit === NONE ? rest : { ...rest, [quantity]: unit });
  };
  if (!ready && !all && shown.length === 0) return <SkeletonRows rows={3} label="Loading the sensors" />;
  return (
    <div className="border-b border-line">
      {shown.length > 0 ? (
        <Table label={label}>
          <thead>
            <tr>
              <Th>Quantity</Th>
              <Th>Shown in</Th>
              <Th>For example</Th>
            </tr>
          </thead>
          <tbody>
            {shown.map((quantity) => {
              const chosen = units[quantity] ?? otherwise[quantity];
              const name = quantity.charAt(0).toUpperCase() + quantity.slice(1);
              return (
                <tr key={quantity}>
                  <Td className="font-medium whitespace-nowrap">{name}</Td>
                  <Td>
                    <Select
                      aria-label={`Unit of ${quantity}, ${label}`}
                      value={units[quantity] ?? NONE}
                      disabled={readOnly}
                      onChange={(unit) => choose(quantity, unit)}
                      options={[
                        {
                          value: NONE,
                          label:
                            otherwise[quantity] === undefined
                              ? "As it comes"
                              : `The plant's: ${unitSymbol(otherwise[quantity])}`,
                        },
                        ...unitsOf(quantity).map((unit) => ({ value: unit, label: unitSymbol(unit) || "1" })),
                      ]}
                      className="h-7 w-40 text-12"
                    />
                  </Td>
                  <Td className="w-full text-muted">
                    {chosen === undefined && now[quantity] !== undefined ? (
                      "each sensor in the unit that it sends"
                    ) : (
                      <Shown example={measured.get(quantity) ?? plain(quantity)} unit={chosen} />
                    )}
                  </Td>
                </tr>
              );
            })}
          </tbody>
        </Table>
      ) : (
        <p className="px-4 py-3 text-12 text-muted max-phone:px-3">
          No sensor has sent a unit yet; units that are chosen now count when it does.
        </p>
      )}
      {!all && shown.length < CHOOSABLE_QUANTITIES.length && (
        <p className="px-4 py-2 max-phone:px-3">
          <Button type="button" size="small" onClick={() => setAll(true)}>
            Show all {CHOOSABLE_QUANTITIES.length} quantities
          </Button>
        </p>
      )}
    </div>
  );
}

function Shown({
  example: { of, value, unit },
  unit: chosen,
}: {
  example: Example;
  unit: string | undefined;
}) {
  const converted = chosen === undefined ? undefined : convert(value, unit, chosen);
  const to = converted === undefined ? formatValue(value, unit) : formatValue(converted, chosen);
  if (of !== undefined)
    return (
      <>
        {of} <span className="font-medium text-text">{to}</span>
      </>
    );
  return converted === undefined ? (
    <>{to} stays so</>
  ) : (
    <>
      {formatValue(value, unit)} is <span className="font-medium text-text">{to}</span>
    </>
  );
}

const plain = (quantity: string): Example => ({
  of: undefined,
  value: 100,
  unit: unitsOf(quantity)[quantity === "temperature" ? 1 : 0]!,
});

/** The first sensor of each quantity with its newest value. */
function useMeasured(): ReadonlyMap<string, Example> {
  const assets = useAssets();
  const held = useRef<ReadonlyMap<string, Example>>(new Map());
  const found = new Map<string, Example>();
  for (const { sensors } of assets)
    for (const { sensor_id, unit, latest } of sensors) {
      const quantity = quantityOf(unit);
      if (quantity === undefined || found.has(quantity)) continue;
      found.set(quantity, { of: sensor_id, value: latest.value, unit });
    }
  // Other units begin the stream anew, and rows must not go while it comes.
  if (found.size > 0) held.current = found;
  return held.current;
}

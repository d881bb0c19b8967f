"use client";
import { ZoneOf } from "../ui/age.tsx";
import { formatDateTime, formatNumber, plural, unitSymbol } from "../ui/format.ts";
import { SeverityGlyph } from "../ui/severity.tsx";
import { Table, Td, Th } from "../ui/table.tsx";
import type { Table as Cut, Preview } from "./preview.ts";

const SHOWN = 10;

/** The file as it stands, while no reading can be made of it. */
export function RawTable({ table }: { table: Cut }) {
  return (
    <Table label="First rows as they stand in the file">
      <thead>
        <tr>
          <Th className="w-16 text-right">Line</Th>
          {table.fields.map((field, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name, and none moves
            <Th key={i}>{field}</Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.records.slice(0, SHOWN).map(({ line, fields }) => (
          <tr key={line}>
            <Td className="text-right text-muted">{line}</Td>
            {table.fields.map((_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as in the head
              <Td key={i} className="max-w-60 truncate font-mono text-11">
                {fields?.[i]}
              </Td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** What the first rows become; a refused one with its reason. */
export function PreviewTable({ preview }: { preview: Preview }) {
  return (
    <Table label="First rows as they will be read">
      <thead>
        <tr>
          <Th className="w-16 text-right">Line</Th>
          <Th>
            Time
            <ZoneOf />
          </Th>
          <Th>Asset</Th>
          <Th>Sensor</Th>
          <Th>Type</Th>
          <Th className="text-right">Value</Th>
          <Th>Unit</Th>
          <Th>Quality</Th>
        </tr>
      </thead>
      <tbody>
        {firstOf(preview).map((row, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line may give several readings, and none moves
          <tr key={i}>
            <Td className="text-right text-muted">{row.line}</Td>
            {"reading" in row ? (
              <>
                <Td className="whitespace-nowrap">{formatDateTime(row.reading.timestamp)}</Td>
                <Td className="whitespace-nowrap">{row.reading.asset_id}</Td>
                <Td className="whitespace-nowrap">{row.reading.sensor_id}</Td>
                <Td className="text-muted">{row.reading.sensor_type}</Td>
                <Td className="text-right">{formatNumber(row.reading.value)}</Td>
                <Td className="text-muted">{unitSymbol(row.reading.unit)}</Td>
                <Td className="text-muted">{row.reading.quality}</Td>
              </>
            ) : (
              <td colSpan={7} className="border-b border-line px-2">
                <span className="flex items-center gap-1.5 text-warning">
                  <SeverityGlyph kind="warning" className="size-3" />
                  Rejected: {row.reason}
                </span>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** The first rows, and where none of them is refused but a later one is, the first that is too. */
function firstOf({ rows }: Preview): Preview["rows"] {
  const first = rows.slice(0, SHOWN);
  const refused = rows.find((row) => "reason" in row);
  return refused === undefined || first.some((row) => "reason" in row) ? first : [...first, refused];
}

/** "The first 200 rows give 198 readings and 2 rejects." */
export function previewInWords({ read, rejected, rows }: Preview, whole: boolean, records: number): string {
  const subject = whole
    ? records === 1
      ? "The only row gives"
      : `All ${formatNumber(records)} rows give`
    : `The first ${formatNumber(records)} rows give`;
  if (rows.length === 0) return "There are no rows under the header.";
  return `${subject} ${plural(read, "reading")}${rejected > 0 ? ` and ${plural(rejected, "reject")}` : ""}.`;
}

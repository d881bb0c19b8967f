"use client";
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { CSV_DELIMITERS, type CsvDelimiter, type CsvMapping } from "../../../lib/domain/csv-mapping.ts";
import { isTimeZone } from "../../../lib/domain/tenant-settings.ts";
import { usePlant } from "../frame/plant.tsx";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { formatBytes } from "../ui/format.ts";
import { Note } from "../ui/notes.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { ZoneInput } from "../ui/zone-input.tsx";
import { type Draft, isPlain, mappingOf, sensorsOf, type Target } from "./draft.ts";
import { type FileHead, readHead } from "./file-head.ts";
import { guessDelimiter, guessDraft, timeNeeds } from "./guess.ts";
import { cutTable, previewOf, type Table } from "./preview.ts";
import { PreviewTable, previewInWords, RawTable } from "./preview-table.tsx";
import { SensorColumns } from "./sensor-columns.tsx";
import { chosenColumn, columnChoice, SourceField } from "./source-field.tsx";

const DELIMITERS: Record<CsvDelimiter, string> = {
  ",": "Comma",
  ";": "Semicolon",
  "\t": "Tab",
  "|": "Bar |",
};

/** A chosen file before anything of it is sent: its columns, what they mean, and what its first rows become. */
export default function CheckPanel({
  file,
  onUpload,
  onCancel,
}: {
  file: File;
  /** `mapping` is absent where the header says all by itself. */
  onUpload: (mapping: CsvMapping | undefined) => void;
  onCancel: () => void;
}) {
  const title = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const [head, setHead] = useState<FileHead>();
  useEffect(() => {
    let over = false;
    heading.current?.focus();
    readHead(file).then(
      (found) => !over && setHead(found),
      () =>
        !over && setHead({ lines: [], whole: false, defect: "The file cannot be read from this machine." }),
    );
    return () => {
      over = true;
    };
  }, [file]);

  return (
    <section aria-labelledby={title} className="min-w-0 border border-line-strong bg-surface">
      <div className="flex flex-wrap items-baseline gap-x-3 border-b border-line px-4 py-3 max-phone:px-3">
        <h2
          ref={heading}
          id={title}
          tabIndex={-1}
          className="text-14 font-semibold outline-none [overflow-wrap:anywhere]"
        >
          Check {file.name}
        </h2>
        <p className="text-12 text-muted">{formatBytes(file.size)}, nothing of it is sent yet</p>
      </div>
      {head === undefined ? (
        <SkeletonRows rows={4} label="Reading the file" />
      ) : head.defect !== undefined ? (
        <div className="p-4">
          <Note
            kind="critical"
            live
            title="This file cannot be uploaded."
            actions={
              <Button size="small" onClick={onCancel}>
                Close
              </Button>
            }
          >
            {head.defect}
          </Note>
        </div>
      ) : (
        <Check head={head} onUpload={onUpload} onCancel={onCancel} />
      )}
    </section>
  );
}

function Check({
  head,
  onUpload,
  onCancel,
}: {
  head: FileHead;
  onUpload: (mapping: CsvMapping | undefined) => void;
  onCancel: () => void;
}) {
  const zone = usePlant().settings.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const first = head.lines.find((line) => line.trim() !== "") ?? "";
  const [delimiter, setDelimiter] = useState(() => guessDelimiter(first));
  const table = useMemo(() => cutTable(head.lines, delimiter), [head, delimiter]);
  const guessed = useMemo(() => table && guessDraft(table, delimiter, zone), [table, delimiter, zone]);
  const [changed, setChanged] = useState<Draft>();
  const draft = changed ?? guessed;
  const status = useId();

  const result = useMemo(() => draft && mappingOf(draft), [draft]);
  const mapping = result !== undefined && "mapping" in result ? result.mapping : undefined;
  const preview = useMemo(
    () => (table && mapping ? previewOf(table, mapping, Date.now()) : undefined),
    [table, mapping],
  );
  const missing = result !== undefined && "missing" in result ? result.missing : [];
  const ready = preview !== undefined && preview.error === undefined && preview.read > 0;
  const words =
    table === undefined || draft === undefined
      ? "The header cannot be read with this separator."
      : missing.length > 0
        ? `Still missing: ${missing.join("; ")}.`
        : (preview?.error ?? (preview && previewInWords(preview, head.whole, table.records.length)) ?? "");

  const separator = (
    <Select
      caption="Separator"
      value={delimiter}
      onChange={(next) => {
        setDelimiter(next);
        setChanged(undefined);
      }}
      options={CSV_DELIMITERS.map((value) => ({ value, label: DELIMITERS[value] }))}
      className="w-fit"
    />
  );
  return (
    <>
      <div className="grid gap-4 border-b border-line px-4 py-3 max-phone:px-3">
        {table && draft ? (
          <Meaning table={table} draft={draft} zone={zone} separator={separator} onChange={setChanged} />
        ) : (
          separator
        )}
      </div>
      {preview !== undefined && preview.error === undefined ? (
        <PreviewTable preview={preview} />
      ) : (
        table && <RawTable table={table} />
      )}
      <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2 max-phone:px-3">
        <p id={status} role="status" className="min-w-0 flex-1 basis-64 text-12 text-muted">
          {words}
        </p>
        <span className="ml-auto flex gap-2">
          <Button className="h-8 max-phone:h-11" onClick={onCancel}>
            Cancel
          </Button>
          <Button
            look="primary"
            className="h-8 max-phone:h-11"
            disabled={!ready}
            aria-describedby={status}
            onClick={() => mapping && onUpload(isPlain(mapping) ? undefined : mapping)}
          >
            Upload
          </Button>
        </span>
      </div>
    </>
  );
}

/** What the columns mean. */
function Meaning({
  separator,
  table,
  draft,
  zone,
  onChange,
}: {
  separator: ReactNode;
  table: Table;
  draft: Draft;
  /** The one that a file is likely of. */
  zone: string;
  onChange: (draft: Draft) => void;
}) {
  const change = (part: Partial<Draft>) => onChange({ ...draft, ...part });
  const columns = [...new Set(table.fields)].filter((field) => field !== "");
  const { layout, time_zone, date_order, sources } = draft;
  const column = (label: string, part: "timestamp" | "value", onChoose: (name: string) => void) => (
    <Field label={label}>
      {(field) => (
        <Select
          {...field}
          value={columnChoice(draft[part])}
          onChange={(next) => onChoose(chosenColumn(next))}
          options={[
            ...(draft[part] === "" ? [{ value: columnChoice(""), label: "Choose a column" }] : []),
            ...columns.map((name) => ({ value: columnChoice(name), label: name })),
          ]}
        />
      )}
    </Field>
  );
  const sourceField = (target: Target) => (
    <SourceField
      target={target}
      source={sources[target]}
      columns={columns}
      onChange={(source) => change({ sources: { ...sources, [target]: source } })}
    />
  );
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {separator}
        <Segmented
          label="Layout"
          value={layout}
          onChange={(next) => change({ layout: next })}
          options={[
            { value: "rows", label: "One reading a row" },
            { value: "columns", label: "One column a sensor" },
          ]}
        />
        <span className="inline-flex items-center gap-2 text-12 text-muted">
          <span aria-hidden="true">Decimals</span>
          <Segmented
            label="Decimals"
            value={draft.decimal}
            onChange={(next) => change({ decimal: next })}
            options={[
              { value: ".", label: "1.5" },
              { value: ",", label: "1,5" },
            ]}
          />
        </span>
        {date_order !== undefined && (
          <span className="inline-flex items-center gap-2 text-12 text-muted">
            <span aria-hidden="true">Dates with slashes</span>
            <Segmented
              label="Dates with slashes"
              value={date_order}
              onChange={(next) => change({ date_order: next })}
              options={[
                { value: "day_first", label: "Day first" },
                { value: "month_first", label: "Month first" },
              ]}
            />
          </span>
        )}
      </div>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(10rem,1fr))] items-start gap-x-4 gap-y-3">
        {column("Time", "timestamp", (timestamp) =>
          change({ timestamp, ...timeNeeds(table, timestamp, zone) }),
        )}
        {time_zone !== undefined && (
          <Field
            label="Time zone of the file"
            hint="Its times do not say their offset from UTC."
            error={
              time_zone === "" || isTimeZone(time_zone) ? undefined : "Name a zone such as Europe/Berlin."
            }
          >
            {(field) => (
              <ZoneInput
                {...field}
                value={time_zone}
                onChange={(event) => change({ time_zone: event.target.value.trim() })}
              />
            )}
          </Field>
        )}
        {sourceField("asset_id")}
        {layout === "rows" && (
          <>
            {sourceField("sensor_id")}
            {sourceField("sensor_type")}
            {column("Value", "value", (value) => change({ value }))}
            {sourceField("unit")}
          </>
        )}
        {sourceField("quality")}
        {sourceField("asset_type")}
      </div>
      {layout === "columns" && (
        <SensorColumns
          sensors={sensorsOf(draft)}
          asset={sources.asset_id.from === "constant" ? sources.asset_id.text : ""}
          onChange={(changed) =>
            change({
              sensors: draft.sensors.map(
                (sensor) => changed.find(({ column }) => column === sensor.column) ?? sensor,
              ),
            })
          }
        />
      )}
    </>
  );
}

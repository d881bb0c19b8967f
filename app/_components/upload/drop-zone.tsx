"use client";
import { FileUp } from "lucide-react";
import { useId, useRef, useState } from "react";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";

/** A place to drop files on, and a button that chooses them. */
export function DropZone({ disabled, onFiles }: { disabled: boolean; onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const id = useId();
  const take = (list: FileList | null) => {
    if (!disabled && list && list.length > 0) onFiles([...list]);
  };
  return (
    <section
      aria-label="Choose a file"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(!disabled);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
      className={cn(
        "grid grid-cols-[minmax(0,1fr)] justify-items-start gap-2 border border-dashed p-6 max-phone:p-4",
        over ? "border-accent bg-selected" : "border-control bg-surface",
      )}
    >
      <FileUp aria-hidden="true" className="size-6 text-muted" strokeWidth={1.5} />
      <p className="text-14 font-semibold">Drop a CSV here, or choose one</p>
      <p id={`${id}-what`} className="max-w-[44rem] text-12 text-muted">
        A file with the header{" "}
        <code className="font-mono [overflow-wrap:anywhere]">
          timestamp,asset_id,sensor_id,sensor_type,value,unit
        </code>{" "}
        is understood by itself; of any other you say what its columns mean. You see the first rows before
        anything is sent. Any size; the same file again adds nothing twice.
      </p>
      <input
        ref={input}
        type="file"
        accept=".csv,text/csv"
        multiple
        disabled={disabled}
        aria-label="CSV file"
        aria-describedby={`${id}-what`}
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          take(event.target.files);
          event.target.value = "";
        }}
      />
      <Button look="primary" size="large" disabled={disabled} onClick={() => input.current?.click()}>
        Choose a file
      </Button>
      {disabled && <p className="text-12 text-muted">A viewer sees uploads; operators and admins upload.</p>}
    </section>
  );
}

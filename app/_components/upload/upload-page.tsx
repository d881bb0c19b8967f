"use client";
import dynamic from "next/dynamic";
import { useCallback, useEffect, useRef, useState } from "react";
import type { CsvMapping } from "../../../lib/domain/csv-mapping.ts";
import { ApiError, codeOfError, sentenceOf } from "../api/request.ts";
import { useRequest } from "../api/use-request.ts";
import { useMay } from "../frame/principal.tsx";
import { Command } from "../ui/command.tsx";
import { Failure } from "../ui/failure.tsx";
import { formatNumber, plural } from "../ui/format.ts";
import { Empty } from "../ui/notes.tsx";
import { SkeletonRows } from "../ui/skeleton.tsx";
import { PaneHead } from "../ui/table.tsx";
import { toast } from "../ui/toast.tsx";
import { DropZone } from "./drop-zone.tsx";
import { RunningUpload, type Sending } from "./running-upload.tsx";
import { sendFile, type WireUpload } from "./send-file.ts";
import { UploadsTable } from "./uploads-table.tsx";

/** Brings the parser, so it is loaded with the first file. */
const CheckPanel = dynamic(() => import("./check-panel.tsx"), {
  loading: () => <SkeletonRows rows={4} label="Reading the file" />,
});

const POLL_MS = 1_000;

export function UploadPage() {
  const mayUpload = useMay("upload");
  const { data, error, loading, reload } = useRequest<{ uploads: WireUpload[] }>("/api/uploads?limit=50");
  const [sending, setSending] = useState<readonly Sending[]>([]);
  /** Chosen files of which nothing is sent yet, the first being looked at. */
  const [chosen, setChosen] = useState<readonly { key: string; file: File }[]>([]);
  const files = useRef(new Map<string, { file: File; mapping: CsvMapping | undefined; abort: () => void }>());

  const change = useCallback((key: string, part: Partial<Sending> | undefined) => {
    setSending((before) =>
      part === undefined
        ? before.filter((one) => one.key !== key)
        : before.map((one) => (one.key === key ? { ...one, ...part } : one)),
    );
  }, []);

  const start = useCallback(
    (file: File, mapping: CsvMapping | undefined) => {
      const key = crypto.randomUUID();
      setSending((before) => [...before, { key, name: file.name, bytes: file.size, sent: 0 }]);
      const { done, abort } = sendFile(file, mapping, (sent) => change(key, { sent }));
      files.current.set(key, { file, mapping, abort });
      done.then(
        (upload) => {
          files.current.delete(key);
          change(key, undefined);
          reload();
          toast({
            kind: upload.state === "failed" ? "critical" : upload.rejected > 0 ? "warning" : "resolved",
            title: `${upload.file_name}: ${formatNumber(upload.accepted)} accepted`,
            detail: `${formatNumber(upload.duplicates)} duplicate, ${formatNumber(upload.rejected)} rejected`,
          });
        },
        (failure: unknown) => {
          reload();
          if (failure instanceof ApiError && failure.code === "aborted") change(key, undefined);
          else {
            const code = codeOfError(failure);
            change(key, { error: sentenceOf(failure), ...(code !== undefined && { code }) });
          }
        },
      );
    },
    [change, reload],
  );

  const busy =
    sending.some((one) => one.error === undefined) || data?.uploads.some(({ state }) => state === "running");
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(reload, POLL_MS);
    return () => clearInterval(timer);
  }, [busy, reload]);

  const [checked] = chosen;
  return (
    <main className="grid grid-cols-[minmax(0,1fr)] content-start gap-4 p-4 max-phone:p-3">
      <h1 className="text-20 font-semibold">Upload</h1>
      <DropZone
        disabled={!mayUpload}
        onFiles={(more) =>
          setChosen((before) => [...before, ...more.map((file) => ({ key: crypto.randomUUID(), file }))])
        }
      />
      {checked && (
        <CheckPanel
          key={checked.key}
          file={checked.file}
          onUpload={(mapping) => {
            start(checked.file, mapping);
            setChosen((before) => before.slice(1));
          }}
          onCancel={() => setChosen((before) => before.slice(1))}
        />
      )}
      {chosen.length > 1 && (
        <p role="status" className="text-12 text-muted">
          {plural(chosen.length - 1, "further file waits", "further files wait")} to be checked.
        </p>
      )}
      {sending.map((one) => (
        <RunningUpload
          key={one.key}
          sending={one}
          stored={data?.uploads.find(({ state, file_name }) => state === "running" && file_name === one.name)}
          onAbort={() => files.current.get(one.key)?.abort()}
          onRetry={() => {
            const held = files.current.get(one.key);
            change(one.key, undefined);
            if (held) start(held.file, held.mapping);
          }}
          onDismiss={() => change(one.key, undefined)}
        />
      ))}
      <section className="min-w-0 border border-line-strong bg-surface">
        <PaneHead title="Past uploads" note={data && data.uploads.length > 0 ? "newest first" : undefined} />
        {data === undefined && error !== undefined ? (
          <div className="p-4">
            <Failure title="The list of uploads could not be read." error={error} onRetry={reload} />
          </div>
        ) : data === undefined || (loading && data === undefined) ? (
          <SkeletonRows rows={3} label="Loading uploads" />
        ) : data.uploads.length === 0 ? (
          <div className="p-4">
            <Empty title="Nothing uploaded yet">
              <p>For files of many gigabytes, or to stream one in its own rhythm, use the command line:</p>
              <Command text="npm run sensor-ingestor -- data/processed/sensor_readings.csv --realtime --speed 10" />
            </Empty>
          </div>
        ) : (
          <UploadsTable uploads={data.uploads} />
        )}
      </section>
    </main>
  );
}

"use client";
import { Download } from "lucide-react";
import { Fragment, useState } from "react";
import { Age } from "../ui/age.tsx";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { formatBytes, formatNumber, plural } from "../ui/format.ts";
import { SeverityGlyph } from "../ui/severity.tsx";
import { Table, Td, Th } from "../ui/table.tsx";
import type { WireUpload } from "./send-file.ts";

const STATES: Record<WireUpload["state"], string> = {
  running: "Running",
  done: "Done",
  failed: "Failed",
  interrupted: "Interrupted",
};

const SHOWN_REJECTS = 50;

/** Past uploads and how they went; rejected rows unfold. */
export function UploadsTable({ uploads }: { uploads: readonly WireUpload[] }) {
  const [unfolded, setUnfolded] = useState<string>();
  return (
    <Table label="Uploads, newest first">
      <thead>
        <tr>
          <Th>File</Th>
          <Th>State</Th>
          <Th className="text-right">Size</Th>
          <Th className="text-right">Accepted</Th>
          <Th className="text-right">Duplicate</Th>
          <Th className="text-right">Rejected</Th>
          <Th>By</Th>
          <Th>Started</Th>
          <Th>
            <span className="sr-only">Rejected rows</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {uploads.map((upload) => (
          <Fragment key={upload.id}>
            <tr>
              <Td className="min-w-40 font-medium [overflow-wrap:anywhere]">{upload.file_name}</Td>
              <Td className="whitespace-nowrap">
                <UploadState upload={upload} />
              </Td>
              <Td className="text-right whitespace-nowrap text-muted">{formatBytes(upload.bytes)}</Td>
              <Td className="text-right">{formatNumber(upload.accepted)}</Td>
              <Td className="text-right text-muted">{formatNumber(upload.duplicates)}</Td>
              <Td
                className={cn("text-right", upload.rejected > 0 ? "font-medium text-warning" : "text-muted")}
              >
                {formatNumber(upload.rejected)}
              </Td>
              <Td className="text-muted">{upload.by}</Td>
              <Td className="whitespace-nowrap">
                <Age at={Date.parse(upload.started_at)} late_after={0} suffix=" ago" />
              </Td>
              <Td className="text-right whitespace-nowrap">
                {upload.rejected > 0 && (
                  <Button
                    size="small"
                    aria-expanded={unfolded === upload.id}
                    onClick={() => setUnfolded(unfolded === upload.id ? undefined : upload.id)}
                  >
                    {plural(upload.rejected, "reject")}
                  </Button>
                )}
              </Td>
            </tr>
            {(unfolded === upload.id || upload.error) && (
              <tr>
                <td colSpan={9} className="border-b border-line bg-canvas px-4 py-3">
                  {upload.error && (
                    <p className="mb-2 flex items-center gap-1.5 text-critical">
                      <SeverityGlyph kind="critical" />
                      {upload.error}
                    </p>
                  )}
                  {unfolded === upload.id && <Rejects upload={upload} />}
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </Table>
  );
}

function UploadState({ upload }: { upload: WireUpload }) {
  const kind =
    upload.state === "done"
      ? "resolved"
      : upload.state === "failed"
        ? "critical"
        : upload.state === "interrupted"
          ? "stale"
          : undefined;
  return (
    <span className="inline-flex items-center gap-1.5">
      {kind && <SeverityGlyph kind={kind} className="size-3" />}
      {STATES[upload.state]}
    </span>
  );
}

function Rejects({ upload }: { upload: WireUpload }) {
  const shown = upload.rejects.slice(0, SHOWN_REJECTS);
  return (
    <div className="grid gap-2">
      <Table label={`Rejected rows of ${upload.file_name}`} className="text-12">
        <thead>
          <tr>
            <Th className="text-right">Line</Th>
            <Th>Why</Th>
            <Th>Row</Th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ line, reason, text }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line may be refused for several sensors, and none moves
            <tr key={i}>
              <Td className="h-[1.625rem] text-right">{line}</Td>
              <Td className="h-[1.625rem]">{reason}</Td>
              <Td className="h-[1.625rem] max-w-[30rem] truncate font-mono text-11 text-muted">{text}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="flex flex-wrap items-center gap-3 text-12 text-muted">
        {upload.rejected > shown.length && `The first ${shown.length} of ${formatNumber(upload.rejected)}.`}
        <Button asChild size="small">
          <a href={`/api/uploads/${encodeURIComponent(upload.id)}/rejects`} download>
            <Download aria-hidden="true" className="size-3.5" />
            Download as CSV
          </a>
        </Button>
      </p>
    </div>
  );
}
